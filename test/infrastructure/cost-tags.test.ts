import { describe, expect, it } from 'vitest';
import { parseTags } from '../../lib/infrastructure/cost-tags.ts';
import { withTestedStack } from './template.ts';

describe('Tags for cost', () => {
  it('are on the whole stack: which application, which ledger, and the operator’s own', () => {
    const options = { stackName: 'Second', tags: 'cost-center=42, team=ledger' };
    const tags = withTestedStack(
      options,
      {},
      (app, stack) => app.synth().getStackArtifact(stack.artifactId).tags,
    );
    expect(tags).toStrictEqual({
      application: 'swaptacular-accounting-authority',
      ledger: 'Second',
      'cost-center': '42',
      team: 'ledger',
    });
  });

  it.each(['cost-center', '=42', 'a=', 'aws:a=b', 'a=1,a=2', 'a=1,,b=2', 'a={1}'])('are not %j', (text) => {
    expect(parseTags(text)).toBeUndefined();
  });

  it('are at most 48 of an operator’s own', () => {
    const text = (count: number) => Array.from({ length: count }, (_, index) => `t${index}=1`).join(',');
    expect(Object.keys(parseTags(text(48)) ?? {})).toHaveLength(48);
    expect(parseTags(text(49))).toBeUndefined();
  });
});
