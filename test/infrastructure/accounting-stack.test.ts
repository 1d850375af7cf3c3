import { describe, expect, it } from 'vitest';
import { MESSAGES_IN_RECEIVE } from '../../lib/shell/drain-rounds.ts';
import { propertiesOf, synthesize } from './template.ts';

const template = synthesize({}, { APP_SOME_SETTING: '1.5' });

const FROM_STREAM = {
  BisectBatchOnFunctionError: true,
  DestinationConfig: { OnFailure: { Destination: 'FailureNotices.Arn' } },
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  MaximumRecordAgeInSeconds: 72_000,
  MaximumRetryAttempts: -1,
  StartingPosition: 'TRIM_HORIZON',
};

const FROM_SWEEP_QUEUE = {
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  BatchSize: 1,
  MaximumBatchingWindowInSeconds: 0,
  ScalingConfig: { MaximumConcurrency: 10 },
};

/** Whether a list has these names and no others, in any order. */
function isNamesOf(names: readonly string[]) {
  return (list: readonly string[]) => list.toSorted().join() === names.toSorted().join();
}

describe('AccountingStack', () => {
  it('feeds each function from its queue or stream', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toStrictEqual({
      ProcessMessagesQueueMapping: {
        EventSourceArn: 'Incoming.Arn',
        FunctionName: 'ProcessMessages',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 0,
        ScalingConfig: { MaximumConcurrency: 10 },
      },
      CreditRecipientsCommittedTransfers: {
        ...FROM_STREAM,
        EventSourceArn: 'Transfers.StreamArn',
        FunctionName: 'CreditRecipients',
        FilterCriteria: {
          Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"status":{"S":["committed"]}}}}' }],
        },
        BatchSize: 3000,
        MaximumBatchingWindowInSeconds: 0,
        ParallelizationFactor: 1,
      },
      PublishEventsAccountEvents: {
        ...FROM_STREAM,
        EventSourceArn: 'Accounts.StreamArn',
        FunctionName: 'PublishEvents',
        BatchSize: 1000,
        MaximumBatchingWindowInSeconds: 0,
        ParallelizationFactor: 2,
      },
      PublishEventsTransferEvents: {
        ...FROM_STREAM,
        EventSourceArn: 'Transfers.StreamArn',
        FunctionName: 'PublishEvents',
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","MODIFY"]}' }] },
        BatchSize: 1000,
        MaximumBatchingWindowInSeconds: 0,
        ParallelizationFactor: 2,
      },
      RunChoresQueueMapping: {
        EventSourceArn: 'Chores.Arn',
        FunctionName: 'RunChores',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BatchSize: 500,
        MaximumBatchingWindowInSeconds: 1,
        ScalingConfig: { MaximumConcurrency: 20 },
      },
      SweepAccountsQueueMapping: {
        ...FROM_SWEEP_QUEUE,
        EventSourceArn: 'AccountsSweep.Arn',
        FunctionName: 'SweepAccounts',
      },
      SweepTransfersQueueMapping: {
        ...FROM_SWEEP_QUEUE,
        EventSourceArn: 'TransfersSweep.Arn',
        FunctionName: 'SweepTransfers',
      },
      PublishAgainQueueMapping: {
        ...FROM_SWEEP_QUEUE,
        EventSourceArn: 'PublishAgainTasks.Arn',
        FunctionName: 'PublishAgain',
      },
    });
  });

  it('hands over as many incoming messages as say that there are more', () => {
    const { ProcessMessagesQueueMapping } = propertiesOf(template, 'AWS::Lambda::EventSourceMapping');
    expect(ProcessMessagesQueueMapping.BatchSize).toBe(MESSAGES_IN_RECEIVE);
  });

  it('starts sweeps at their periods, at most once a minute', () => {
    const start = (Arn: string) => [
      { Arn, DeadLetterConfig: { Arn: 'FailedStarts.Arn' }, Id: 'Target0', Input: '{"sweep":"start"}' },
    ];
    expect(propertiesOf(template, 'AWS::Events::Rule')).toStrictEqual({
      SweepAccountsSchedule: {
        ScheduleExpression: 'rate(90 minutes)',
        State: 'ENABLED',
        Targets: start('SweepAccounts.Arn'),
      },
      SweepTransfersSchedule: {
        ScheduleExpression: 'rate(1 minute)',
        State: 'ENABLED',
        Targets: start('SweepTransfers.Arn'),
      },
      PublishAgainSchedule: {
        ScheduleExpression: 'rate(1 hour)',
        State: 'ENABLED',
        Targets: start('PublishAgain.Arn'),
      },
    });
  });

  it('keeps the starts of sweeps that fail', () => {
    const failed = { OnFailure: { Destination: 'FailedStarts.Arn' } };
    expect(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig')).toStrictEqual({
      SweepAccountsFailedStarts: {
        DestinationConfig: failed,
        FunctionName: 'SweepAccounts',
        Qualifier: '$LATEST',
      },
      SweepTransfersFailedStarts: {
        DestinationConfig: failed,
        FunctionName: 'SweepTransfers',
        Qualifier: '$LATEST',
      },
      PublishAgainFailedStarts: {
        DestinationConfig: failed,
        FunctionName: 'PublishAgain',
        Qualifier: '$LATEST',
      },
    });
  });

  it('lets only the sweeps continue themselves: Lambda stops any other function that causes itself', () => {
    const loops = Object.entries(propertiesOf(template, 'AWS::Lambda::Function')).map(
      ([name, { RecursiveLoop }]) => [name, RecursiveLoop],
    );
    expect(Object.fromEntries(loops)).toStrictEqual({
      ProcessMessages: 'Terminate',
      CreditRecipients: 'Terminate',
      PublishEvents: 'Terminate',
      RunChores: 'Terminate',
      SweepAccounts: 'Allow',
      SweepTransfers: 'Allow',
      PublishAgain: 'Allow',
    });
  });

  it('reserves concurrency for publishing and crediting where that is asked for, and else for none', () => {
    const reserved = (context: Record<string, string>) =>
      Object.entries(propertiesOf(synthesize(context), 'AWS::Lambda::Function')).flatMap(
        ([name, { ReservedConcurrentExecutions: count }]) => (count === undefined ? [] : [[name, count]]),
      );
    expect(reserved({})).toStrictEqual([]);
    expect(reserved({ reservedConcurrency: '7' })).toStrictEqual([
      ['CreditRecipients', 7],
      ['PublishEvents', 7],
    ]);
  });

  it('tells each function what it works on, and all of them the settings', () => {
    const environments = Object.entries(propertiesOf(template, 'AWS::Lambda::Function')).map(
      ([name, { Environment }]) => [name, Environment.Variables],
    );
    const both = { ACCOUNTS_TABLE_NAME: 'Accounts', TRANSFERS_TABLE_NAME: 'Transfers' };
    const shared = {
      APP_SOME_SETTING: '1.5',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      POWERTOOLS_METRICS_NAMESPACE: 'SwaptacularAccounts',
      STACK_NAME: 'SwaptacularAccounts',
    };
    expect(Object.fromEntries(environments)).toStrictEqual({
      ProcessMessages: {
        ...shared,
        ...both,
        POWERTOOLS_SERVICE_NAME: 'process-messages',
        SOURCE_QUEUE_URL: 'Incoming',
        DEAD_LETTER_QUEUE_URL: 'DeadLetters',
      },
      CreditRecipients: {
        ...shared,
        ...both,
        POWERTOOLS_SERVICE_NAME: 'credit-recipients',
        STREAM_FAILURES_QUEUE_URL: 'StreamFailures',
      },
      PublishEvents: {
        ...shared,
        POWERTOOLS_SERVICE_NAME: 'publish-events',
        TO_CREDITORS_TOPIC_ARN: 'ToCreditors',
        TO_DEBTORS_TOPIC_ARN: 'ToDebtors',
        TO_COORDINATORS_TOPIC_ARN: 'ToCoordinators',
        CHORES_QUEUE_URL: 'Chores',
        STREAM_FAILURES_QUEUE_URL: 'StreamFailures',
      },
      RunChores: {
        ...shared,
        ...both,
        POWERTOOLS_SERVICE_NAME: 'run-chores',
        SOURCE_QUEUE_URL: 'Chores',
      },
      SweepAccounts: {
        ...shared,
        ...both,
        POWERTOOLS_SERVICE_NAME: 'sweep-accounts',
        SWEEP_QUEUE_URL: 'AccountsSweep',
      },
      SweepTransfers: {
        ...shared,
        ...both,
        POWERTOOLS_SERVICE_NAME: 'sweep-transfers',
        SWEEP_QUEUE_URL: 'TransfersSweep',
      },
      PublishAgain: {
        ...shared,
        ...both,
        POWERTOOLS_SERVICE_NAME: 'publish-again',
        TO_CREDITORS_TOPIC_ARN: 'ToCreditors',
        TO_DEBTORS_TOPIC_ARN: 'ToDebtors',
        TO_COORDINATORS_TOPIC_ARN: 'ToCoordinators',
        SWEEP_QUEUE_URL: 'PublishAgainTasks',
        FAILURE_NOTICES_QUEUE_URL: 'FailureNotices',
      },
    });
  });

  it('gives clients and operators the names of its queues, topics and tables', () => {
    expect(template.Outputs).toStrictEqual({
      IncomingQueueUrl: { Value: 'Incoming' },
      ToCreditorsTopicArn: { Value: 'ToCreditors' },
      ToDebtorsTopicArn: { Value: 'ToDebtors' },
      ToCoordinatorsTopicArn: { Value: 'ToCoordinators' },
      AccountsTableName: { Value: 'Accounts' },
      TransfersTableName: { Value: 'Transfers' },
      DeadLetterQueueUrl: { Value: 'DeadLetters' },
      GivenUpQueueUrl: { Value: 'GivenUp' },
      ChoresQueueUrl: { Value: 'Chores' },
      ChoresDeadLetterQueueUrl: { Value: 'ChoresDeadLetters' },
      AccountsSweepQueueUrl: { Value: 'AccountsSweep' },
      TransfersSweepQueueUrl: { Value: 'TransfersSweep' },
      SweepsDeadLetterQueueUrl: { Value: 'SweepsDeadLetters' },
      FailedStartsQueueUrl: { Value: 'FailedStarts' },
      StreamFailuresQueueUrl: { Value: 'StreamFailures' },
      FailureNoticesQueueUrl: { Value: 'FailureNotices' },
      PublishAgainTasksQueueUrl: { Value: 'PublishAgainTasks' },
      Settings: { Value: '{"APP_SOME_SETTING":"1.5"}' },
      EventSourceMappingIds: { Value: expect.any(Object) },
      ScheduleNames: { Value: expect.any(Object) },
    });
  });

  it('tells which mappings and schedules there are to pause', () => {
    const { EventSourceMappingIds, ScheduleNames } = template.Outputs;
    expect([EventSourceMappingIds?.Value, ScheduleNames?.Value]).toStrictEqual(
      ['AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule'].map((type) => ({
        'Fn::Join': [',', expect.toSatisfy(isNamesOf(Object.keys(propertiesOf(template, type))))],
      })),
    );
  });

  it('runs every function on Node 24 on ARM, traced, with a log in JSON', () => {
    for (const [name, properties] of Object.entries(propertiesOf(template, 'AWS::Lambda::Function'))) {
      const { Runtime, Architectures, TracingConfig, LoggingConfig, Handler } = properties;
      expect({ Runtime, Architectures, TracingConfig, LoggingConfig, Handler }).toStrictEqual({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { ApplicationLogLevel: 'INFO', LogFormat: 'JSON', LogGroup: `${name}Logs` },
        Handler: 'index.handler',
      });
    }
  });

  it('keeps logs for a month', () => {
    const retentions = Object.values(propertiesOf(template, 'AWS::Logs::LogGroup')).map(
      ({ RetentionInDays }) => RetentionInDays,
    );
    expect(retentions).toStrictEqual([30, 30, 30, 30, 30, 30, 30]);
  });

  it('sets the log level of Lambda and of the logger alike', () => {
    const { ProcessMessages } = propertiesOf(synthesize({ logLevel: 'DEBUG' }), 'AWS::Lambda::Function');
    expect(ProcessMessages.LoggingConfig.ApplicationLogLevel).toBe('DEBUG');
    expect(ProcessMessages.Environment.Variables.POWERTOOLS_LOG_LEVEL).toBe('DEBUG');
  });
});
