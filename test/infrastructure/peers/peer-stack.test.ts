import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../lib/infrastructure/options.ts';
import { propertiesOf, type ReadableTemplate } from '../template.ts';
import { aPeer, FROM_AWS, PRINCIPAL, synthesizeNetwork } from './peer-templates.ts';

const CREDITORS_AGENT = aPeer();
const DEBTORS_AGENT = aPeer({
  nodeId: '22222222',
  type: 'debtors-agent',
  range: { digits: '1234abcd00' },
  reach: FROM_AWS,
});
const templates = synthesizeNetwork([CREDITORS_AGENT, DEBTORS_AGENT]);
const [ofCreditors, ofDebtors] = [templates['Main-peer-11111111'], templates['Main-peer-22222222']] as [
  ReadableTemplate,
  ReadableTemplate,
];

const imported = (name: string) => ({ 'Fn::ImportValue': `Main-for-peers-${name}` });

/** What others than SNS, and than whoever comes unencrypted, may do with each queue. */
function grantsIn(template: ReadableTemplate): Record<string, unknown> {
  const policies = Object.values(propertiesOf(template, 'AWS::SQS::QueuePolicy'));
  const grants = policies.flatMap(({ Queues: [queue], PolicyDocument }) =>
    PolicyDocument.Statement.filter(
      ({ Effect, Principal }: { Effect: string; Principal: { AWS?: unknown } }) =>
        Effect === 'Allow' && Principal.AWS !== undefined,
    ).map(({ Action, Principal }: { Action: unknown; Principal: { AWS: unknown } }) => [
      queue,
      [Principal.AWS, Action],
    ]),
  );
  return Object.fromEntries(grants);
}

describe('The accounting stack', () => {
  it('differs in process-messages alone when it may have peers', () => {
    const [plain, Main] = [synthesizeNetwork(undefined).Main, templates.Main] as [
      ReadableTemplate,
      ReadableTemplate,
    ];
    const differing = Object.keys(Main.Resources).filter(
      (name) => JSON.stringify(Main.Resources[name]) !== JSON.stringify(plain.Resources[name]),
    );
    expect(differing.toSorted()).toStrictEqual(['ProcessMessages', 'ProcessMessagesRoleDefaultPolicy']);
    expect(Object.keys(Main.Resources)).toStrictEqual(Object.keys(plain.Resources));
    const { Variables } = propertiesOf(plain, 'AWS::Lambda::Function').ProcessMessages.Environment;
    expect(Variables).not.toHaveProperty('AUTHORITY_ID');
  });

  it('is the same whoever the peers are', () => {
    expect(synthesizeNetwork([]).Main).toStrictEqual(templates.Main);
  });

  it('lets process-messages take what peers send, and tell them what it refuses, by the names of queues', () => {
    const { Main } = templates as { Main: ReadableTemplate };
    const variables = propertiesOf(Main, 'AWS::Lambda::Function').ProcessMessages.Environment.Variables;
    expect(variables.AUTHORITY_ID).toBe('1234abcd');
    const { PolicyDocument } = propertiesOf(Main, 'AWS::IAM::Policy').ProcessMessagesRoleDefaultPolicy;
    const arn = (ending: string) => ({
      'Fn::Join': [
        '',
        ['arn:', 'AWS::Partition', ':sqs:', 'AWS::Region', ':', 'AWS::AccountId', `:Main-peer-*-${ending}`],
      ],
    });
    const resourcesOf = (action: string) =>
      PolicyDocument.Statement.find(({ Action }: { Action: string | string[] }) =>
        [Action].flat().includes(action),
      ).Resource;
    for (const action of ['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility']) {
      expect(resourcesOf(`sqs:${action}`)).toStrictEqual(['Incoming.Arn', arn('in')]);
    }
    expect(resourcesOf('sqs:SendMessage')).toStrictEqual(['DeadLetters.Arn', arn('refused')]);
  });
});

describe('The stack of a peer', () => {
  it('does not change when another peer comes or goes', () => {
    const alone = synthesizeNetwork([DEBTORS_AGENT]);
    expect(alone).toStrictEqual({ Main: templates.Main, 'Main-peer-22222222': ofDebtors });
  });

  it('has queues whose names say whose they are, and keeps messages as long as SQS can', () => {
    const common = { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true };
    expect(propertiesOf(ofCreditors, 'AWS::SQS::Queue')).toStrictEqual({
      Incoming: {
        ...common,
        QueueName: 'Main-peer-11111111-ca-000002-in',
        MaximumMessageSize: 262_144,
        VisibilityTimeout: 240,
        RedrivePolicy: { deadLetterTargetArn: 'GivenUp.Arn', maxReceiveCount: 1000 },
      },
      GivenUp: { ...common, QueueName: 'Main-peer-11111111-given-up' },
      Refused: { ...common, QueueName: 'Main-peer-11111111-refused' },
      // No count of receives takes a message away while the peer is down.
      Outgoing: { ...common, QueueName: 'Main-peer-11111111-out', VisibilityTimeout: 540 },
      Undelivered: { ...common, QueueName: 'Main-peer-11111111-undelivered' },
    });
    expect(Object.keys(propertiesOf(ofDebtors, 'AWS::SQS::Queue'))).not.toContain('Undelivered');
    expect(propertiesOf(ofDebtors, 'AWS::SQS::Queue').Incoming.QueueName).toBe(
      'Main-peer-22222222-da-1234abcd00-in',
    );
  });

  it('feeds process-messages with a concurrency of its own', () => {
    expect(propertiesOf(ofDebtors, 'AWS::Lambda::EventSourceMapping')).toStrictEqual({
      IncomingMapping: {
        FunctionName: imported('ProcessMessagesName'),
        EventSourceArn: 'Incoming.Arn',
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 0,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    });
  });

  it('sends nothing to a peer that is deactivated, and keeps all its queues', () => {
    const { 'Main-peer-11111111': template } = synthesizeNetwork([
      { ...CREDITORS_AGENT, state: 'deactivated' },
    ]) as { 'Main-peer-11111111': ReadableTemplate };
    expect(Object.keys(propertiesOf(template, 'AWS::Lambda::Function'))).toStrictEqual([]);
    expect(Object.keys(propertiesOf(template, 'AWS::Lambda::EventSourceMapping'))).toStrictEqual([
      'IncomingMapping',
    ]);
    expect(propertiesOf(template, 'AWS::SQS::Queue')).toStrictEqual(
      propertiesOf(ofCreditors, 'AWS::SQS::Queue'),
    );
  });

  it('subscribes to what is about its IDs, and to nothing else', () => {
    const subscription = (topic: string, FilterPolicy: object) => ({
      TopicArn: imported(topic),
      Protocol: 'sqs',
      Endpoint: 'Outgoing.Arn',
      RawMessageDelivery: true,
      FilterPolicy,
    });
    expect(propertiesOf(ofCreditors, 'AWS::SNS::Subscription')).toStrictEqual({
      Accounts: subscription('ToCreditorsTopicArn', { routing_key: [{ prefix: '00.00.02.' }] }),
      Coordinators: subscription('ToCoordinatorsTopicArn', {
        routing_key: [{ prefix: '00.00.02.' }],
        coordinator_type: ['direct', 'agent'],
      }),
    });
    expect(propertiesOf(ofDebtors, 'AWS::SNS::Subscription')).toStrictEqual({
      Accounts: subscription('ToDebtorsTopicArn', { routing_key: [{ prefix: '12.34.ab.cd.00.' }] }),
      Coordinators: subscription('ToCoordinatorsTopicArn', {
        routing_key: [{ prefix: '12.34.ab.cd.00.' }],
        coordinator_type: ['issuing'],
      }),
    });
  });

  it.each([
    ['active', ['Incoming', 'Outgoing', 'Refused']],
    ['deactivated', ['Outgoing', 'Refused']],
    ['pending', []],
  ] as const)(
    'of a peer inside AWS that is %s grants exactly its principals what they need',
    (state, queues) => {
      const { 'Main-peer-22222222': template } = synthesizeNetwork([{ ...DEBTORS_AGENT, state }]);
      const actions: Record<string, string[]> = {
        Incoming: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
        Outgoing: [
          'sqs:ChangeMessageVisibility',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:GetQueueUrl',
          'sqs:ReceiveMessage',
        ],
      };
      expect(grantsIn(template as ReadableTemplate)).toStrictEqual(
        Object.fromEntries(queues.map((queue) => [queue, [PRINCIPAL, actions[queue] ?? actions.Outgoing]])),
      );
    },
  );

  it('of a peer that is reached by STOMP grants nobody anything', () => {
    expect(grantsIn(ofCreditors)).toStrictEqual({});
  });

  it('lets only the two topics into the outgoing queue', () => {
    const { PolicyDocument } = propertiesOf(ofCreditors, 'AWS::SQS::QueuePolicy').OutgoingPolicy;
    const [statement] = PolicyDocument.Statement.filter(
      ({ Principal }: { Principal: { Service?: string } }) => Principal.Service !== undefined,
    );
    expect(statement).toStrictEqual({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'sns.amazonaws.com' },
      Resource: 'Outgoing.Arn',
      Condition: {
        ArnEquals: {
          'aws:SourceArn': [imported('ToCreditorsTopicArn'), imported('ToCoordinatorsTopicArn')],
        },
      },
    });
  });

  it('sends to a peer that is reached by STOMP, two batches at a time', () => {
    const functions = propertiesOf(ofCreditors, 'AWS::Lambda::Function');
    expect(functions.SendToPeer).toMatchObject({
      Timeout: 90,
      MemorySize: 512,
      Environment: {
        Variables: {
          SOURCE_QUEUE_URL: 'Outgoing',
          UNDELIVERED_QUEUE_URL: 'Undelivered',
          STOMP_IDENTITY_SECRET: 'Main/stomp-identity',
        },
      },
    });
    const [mapping] = Object.values(propertiesOf(ofCreditors, 'AWS::Lambda::EventSourceMapping')).filter(
      ({ FunctionName }) => FunctionName === 'SendToPeer',
    );
    expect(mapping).toMatchObject({
      EventSourceArn: 'Outgoing.Arn',
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(propertiesOf(ofDebtors, 'AWS::Lambda::Function')).toStrictEqual({});
  });

  it('has alarms, also three days before messages for it are lost', () => {
    const alarms = propertiesOf(ofCreditors, 'AWS::CloudWatch::Alarm');
    expect(Object.keys(alarms).toSorted()).toStrictEqual([
      'GivenUpAlarm',
      'IncomingDelayAlarm',
      'OutgoingDelayAlarm',
      'RefusedAlarm',
      'SenderErrorsAlarm',
      'UndeliveredAlarm',
    ]);
    expect(alarms.OutgoingDelayAlarm).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: 950_400,
    });
  });
});

describe('Peers are refused', () => {
  const peers = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      aPeer({
        nodeId: (0x10000000 + index).toString(16),
        range: { digits: (index + 1).toString(16).padStart(6, '0') },
        reach: FROM_AWS,
      }),
    );

  it('when there are more than SNS filters for', () => {
    expect(() => synthesizeNetwork(peers(181))).toThrow(
      new InvalidOptionError(
        'There are 181 peers; one authority stack can have 180, since SNS filters a topic for 200 subscribers.',
      ),
    );
  });

  it('when their functions together would run more at once than the account may', () => {
    expect(() => synthesizeNetwork([CREDITORS_AGENT, DEBTORS_AGENT], { concurrencyQuota: '35' })).toThrow(
      new InvalidOptionError(
        'All mappings together may run 36 invocations at once; concurrencyQuota (APP_CONCURRENCY_QUOTA) is 35.',
      ),
    );
    expect(() =>
      synthesizeNetwork([CREDITORS_AGENT, DEBTORS_AGENT], { concurrencyQuota: '36' }),
    ).not.toThrow();
  });

  it('when the names of their queues would be too long', () => {
    const nodeId = '1'.repeat(32);
    expect(() => synthesizeNetwork([aPeer({ nodeId })], { stackName: 'M'.repeat(60) })).toThrow(
      /^stackName \(APP_STACK_NAME\) is too long: the name of the queue M+-peer-1+-ca-000002-in has more than 80/,
    );
  });
});
