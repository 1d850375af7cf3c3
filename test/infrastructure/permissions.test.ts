import { describe, expect, it } from 'vitest';
import { propertiesOf, synthesize } from './template.ts';

const template = synthesize();

/** What every function may do. X-Ray has no resources to name. */
const TRACES = ['xray:PutTelemetryRecords on *', 'xray:PutTraceSegments on *'];

const PERMISSIONS: Record<string, string[]> = {
  ProcessMessages: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:BatchGetItem on Transfers.Arn',
    'dynamodb:GetItem on Accounts.Arn',
    'dynamodb:PutItem on Accounts.Arn',
    'dynamodb:PutItem on Transfers.Arn',
    'logs:CreateLogStream on ProcessMessagesLogs.Arn',
    'logs:PutLogEvents on ProcessMessagesLogs.Arn',
    'sqs:DeleteMessage on Incoming.Arn',
    'sqs:GetQueueAttributes on Incoming.Arn',
    'sqs:ReceiveMessage on Incoming.Arn',
    'sqs:SendMessage on DeadLetters.Arn',
    ...TRACES,
  ],
  CreditRecipients: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:DescribeStream on Transfers.StreamArn',
    'dynamodb:GetItem on Accounts.Arn',
    'dynamodb:GetRecords on Transfers.StreamArn',
    'dynamodb:GetShardIterator on Transfers.StreamArn',
    'dynamodb:ListStreams on Transfers.StreamArn',
    'dynamodb:PutItem on Accounts.Arn',
    'dynamodb:PutItem on Transfers.Arn',
    'logs:CreateLogStream on CreditRecipientsLogs.Arn',
    'logs:PutLogEvents on CreditRecipientsLogs.Arn',
    'sqs:SendMessage on StreamFailures.Arn',
    ...TRACES,
  ],
  PublishEvents: [
    'dynamodb:DescribeStream on Accounts.StreamArn',
    'dynamodb:DescribeStream on Transfers.StreamArn',
    'dynamodb:GetRecords on Accounts.StreamArn',
    'dynamodb:GetRecords on Transfers.StreamArn',
    'dynamodb:GetShardIterator on Accounts.StreamArn',
    'dynamodb:GetShardIterator on Transfers.StreamArn',
    'dynamodb:ListStreams on Accounts.StreamArn',
    'dynamodb:ListStreams on Transfers.StreamArn',
    'logs:CreateLogStream on PublishEventsLogs.Arn',
    'logs:PutLogEvents on PublishEventsLogs.Arn',
    'sns:Publish on ToCoordinators',
    'sns:Publish on ToCreditors',
    'sns:Publish on ToDebtors',
    'sqs:SendMessage on Chores.Arn',
    'sqs:SendMessage on StreamFailures.Arn',
    ...TRACES,
  ],
  RunChores: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:GetItem on Accounts.Arn',
    'dynamodb:PutItem on Accounts.Arn',
    'logs:CreateLogStream on RunChoresLogs.Arn',
    'logs:PutLogEvents on RunChoresLogs.Arn',
    'sqs:DeleteMessage on Chores.Arn',
    'sqs:GetQueueAttributes on Chores.Arn',
    'sqs:ReceiveMessage on Chores.Arn',
    ...TRACES,
  ],
};

describe('Permissions', () => {
  it.each(Object.entries(PERMISSIONS))('%s may do exactly what it needs', (name, permissions) => {
    expect(permissionsOf(`${name}Role`)).toStrictEqual(permissions);
  });

  it('each function has a role of its own, with no policies from elsewhere', () => {
    const functions = Object.entries(propertiesOf(template, 'AWS::Lambda::Function'));
    expect(functions.map(([name, { Role }]) => [name, Role])).toStrictEqual(
      Object.keys(PERMISSIONS).map((name) => [name, `${name}Role.Arn`]),
    );
    for (const role of Object.values(propertiesOf(template, 'AWS::IAM::Role'))) {
      expect(Object.keys(role)).toStrictEqual(['AssumeRolePolicyDocument']);
    }
  });

  it('nothing else in the stack gives permissions', () => {
    const policies = Object.keys(template.Resources).filter((name) =>
      /^AWS::(IAM|Lambda::Permission|KMS)/.test(template.Resources[name]?.Type ?? ''),
    );
    expect(policies).toStrictEqual(
      Object.keys(PERMISSIONS).flatMap((name) => [`${name}Role`, `${name}RoleDefaultPolicy`]),
    );
  });

  it.each(['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'])('%s only refuses unencrypted calls', (type) => {
    const statements = Object.values(propertiesOf(template, type)).flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
    for (const { Effect, Condition } of statements) {
      expect({ Effect, Condition }).toStrictEqual({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });
});

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

/** All that the policies of a role allow, as sorted sentences. */
function permissionsOf(role: string): string[] {
  const policies = Object.values(propertiesOf(template, 'AWS::IAM::Policy')).filter(({ Roles }) =>
    Roles.includes(role),
  );
  const statements: Statement[] = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} on ${resource}`)),
    )
    .sort();
}
