import { describe, expect, it } from 'vitest';
import { complaints, type Finding } from './advice.ts';
import { EXCEPTIONS } from './exceptions.ts';

const FINDING: Finding = {
  rule: 'AwsSolutions-SQS3',
  construct: 'Orders/Resource',
  description: 'No dead-letter queue.',
};

describe('Advice of cdk-nag', () => {
  it('is a complaint unless an exception covers the rule and the construct', () => {
    const exception = { rule: 'AwsSolutions-SQS3', constructs: ['Orders/*'], reason: 'None is needed.' };
    expect(complaints([FINDING], [exception])).toStrictEqual([]);
    expect(
      complaints([FINDING, { ...FINDING, construct: 'Orders/Deep/Resource' }], [exception]),
    ).toStrictEqual(['Orders/Deep/Resource: AwsSolutions-SQS3: No dead-letter queue.']);
    expect(complaints([FINDING, { ...FINDING, rule: 'AwsSolutions-SQS4' }], [exception])).toStrictEqual([
      'Orders/Resource: AwsSolutions-SQS4: No dead-letter queue.',
    ]);
  });

  it('makes an exception that nothing needs a complaint, too', () => {
    const exception = {
      rule: 'AwsSolutions-SQS3',
      constructs: ['Orders/*', 'Bills/*'],
      reason: 'None is needed.',
    };
    expect(complaints([FINDING], [exception])).toStrictEqual([
      'AwsSolutions-SQS3 has an exception for Bills/* that nothing needs.',
    ]);
  });

  it('is declined with a sentence each time', () => {
    const wordless = EXCEPTIONS.filter(({ reason }) => !/^[A-Z].{20,}\.$/.test(reason));
    expect(wordless).toStrictEqual([]);
  });
});
