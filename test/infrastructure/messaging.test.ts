import { describe, expect, it } from 'vitest';
import { propertiesOf, synthesize } from './template.ts';

const FOURTEEN_DAYS = { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true };

describe('Queues', () => {
  const template = synthesize();

  it('are encrypted, keep messages as long as SQS can, and lead to a dead-letter queue', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue')).toStrictEqual({
      DeadLetters: { ...FOURTEEN_DAYS, MaximumMessageSize: 1_048_576 },
      GivenUp: FOURTEEN_DAYS,
      ChoresDeadLetters: FOURTEEN_DAYS,
      Incoming: {
        ...FOURTEEN_DAYS,
        MaximumMessageSize: 262_144,
        RedrivePolicy: { deadLetterTargetArn: 'GivenUp.Arn', maxReceiveCount: 1000 },
        VisibilityTimeout: 240,
      },
      Chores: {
        ...FOURTEEN_DAYS,
        RedrivePolicy: { deadLetterTargetArn: 'ChoresDeadLetters.Arn', maxReceiveCount: 400 },
        VisibilityTimeout: 241,
      },
      SweepsDeadLetters: FOURTEEN_DAYS,
      FailedStarts: FOURTEEN_DAYS,
      AccountsSweep: {
        ...FOURTEEN_DAYS,
        RedrivePolicy: { deadLetterTargetArn: 'SweepsDeadLetters.Arn', maxReceiveCount: 250 },
        VisibilityTimeout: 360,
      },
      TransfersSweep: {
        ...FOURTEEN_DAYS,
        RedrivePolicy: { deadLetterTargetArn: 'SweepsDeadLetters.Arn', maxReceiveCount: 250 },
        VisibilityTimeout: 360,
      },
      StreamFailures: { ...FOURTEEN_DAYS, MaximumMessageSize: 1_048_576 },
      FailureNotices: FOURTEEN_DAYS,
      PublishAgainTasks: {
        ...FOURTEEN_DAYS,
        RedrivePolicy: { deadLetterTargetArn: 'SweepsDeadLetters.Arn', maxReceiveCount: 1000 },
        VisibilityTimeout: 900,
      },
    });
  });

  it('refuse unencrypted connections', () => {
    const guarded = Object.values(propertiesOf(template, 'AWS::SQS::QueuePolicy')).flatMap(
      ({ Queues }) => Queues,
    );
    expect(guarded.sort()).toStrictEqual(Object.keys(propertiesOf(template, 'AWS::SQS::Queue')).sort());
  });

  it('hide a message for six timeouts of its function and the window', () => {
    const functions = propertiesOf(template, 'AWS::Lambda::Function');
    const queues = propertiesOf(template, 'AWS::SQS::Queue');
    const mappings = propertiesOf(template, 'AWS::Lambda::EventSourceMapping');
    for (const [functionName, queue] of [
      ['ProcessMessages', 'Incoming'],
      ['RunChores', 'Chores'],
      ['SweepAccounts', 'AccountsSweep'],
      ['SweepTransfers', 'TransfersSweep'],
    ] as const) {
      const window = mappings[`${functionName}QueueMapping`].MaximumBatchingWindowInSeconds;
      expect(queues[queue].VisibilityTimeout).toBe(6 * functions[functionName].Timeout + window);
    }
  });
});

describe('Topics', () => {
  const template = synthesize();

  it('are encrypted with the key of the account for SNS', () => {
    const keys = Object.values(propertiesOf(template, 'AWS::SNS::Topic')).map(({ KmsMasterKeyId }) =>
      KmsMasterKeyId['Fn::Join'][1].join(''),
    );
    const key = 'arn:AWS::Partition:kms:AWS::Region:AWS::AccountId:alias/aws/sns';
    expect(keys).toStrictEqual([key, key, key]);
  });

  it('refuse unencrypted connections', () => {
    const guarded = Object.values(propertiesOf(template, 'AWS::SNS::TopicPolicy')).flatMap(
      ({ Topics }) => Topics,
    );
    expect(guarded).toStrictEqual(['ToCreditors', 'ToDebtors', 'ToCoordinators']);
  });
});
