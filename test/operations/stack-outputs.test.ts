import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readStackOutputs } from '../../lib/operations/stack-outputs.ts';

const folder = mkdtempSync(join(tmpdir(), 'stack-outputs-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(...stacks: string[]): string {
  const file = join(folder, 'outputs.json');
  writeFileSync(file, JSON.stringify(Object.fromEntries(stacks.map((name) => [name, { Name: name }]))));
  return file;
}

describe('The outputs of a stack', () => {
  it.each([
    [['Main'], undefined, 'Main'],
    [['Main-peer-01', 'Main', 'Main-stomp-listener'], undefined, 'Main'],
    [['Main', 'Main-peer-01'], 'Main-peer-01', 'Main-peer-01'],
  ])('in a file with %j and %s chosen are those of %s', (stacks, chosen, name) => {
    expect(readStackOutputs(fileOf(...stacks), chosen).get('Name')).toBe(name);
  });

  it('must be chosen between stacks that do not belong together', () => {
    const file = fileOf('Main', 'Other');
    expect(() => readStackOutputs(file, undefined)).toThrow(
      `${file} has the stacks Main, Other; choose one with --stack NAME.`,
    );
    expect(() => readStackOutputs(fileOf('Main-peer-01', 'Main-peer-02'), undefined)).toThrow('choose one');
  });
});
