import { describe, expect, it } from 'vitest';
import { prettyBody } from '../../../lib/operations/console/page/words.ts';

const PRETTY = `{
  "type":"AccountUpdate",
  "principal":9223372036854775807
}`;

describe('The body of a message', () => {
  it.each([
    '{"type":"AccountUpdate","principal":9223372036854775807}',
    '{\n  "type":"AccountUpdate",\n  "principal":9223372036854775807\n}',
    ' { "type":"AccountUpdate" , "principal":9223372036854775807 }\n',
  ])('has a line for each field, and all digits: %j', (body) => {
    expect(prettyBody(body)).toBe(PRETTY);
  });

  it('keeps its texts as they are', () => {
    expect(prettyBody('{"transfer_note":"a, {b} \\" , c"}')).toBe('{\n  "transfer_note":"a, {b} \\" , c"\n}');
  });

  it('is shown as it is where it is no JSON', () => {
    expect(prettyBody('{hello,  you}')).toBe('{hello,  you}');
  });
});
