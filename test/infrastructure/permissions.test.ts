import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../lib/infrastructure/functions.ts';
import { propertiesOf, synthesize } from './template.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const template = synthesize();

/** The permissions of every function. X-Ray actions have no resources. */
const TRACES = ['xray:PutTelemetryRecords on *', 'xray:PutTraceSegments on *'];

const PERMISSIONS: Record<string, string[]> = {
  ProcessMessages: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:BatchGetItem on Transfers.Arn',
    'dynamodb:PutItem on Accounts.Arn',
    'dynamodb:PutItem on Transfers.Arn',
    'logs:CreateLogStream on ProcessMessagesLogs.Arn',
    'logs:PutLogEvents on ProcessMessagesLogs.Arn',
    'sqs:ChangeMessageVisibility on Incoming.Arn',
    'sqs:DeleteMessage on Incoming.Arn',
    'sqs:GetQueueAttributes on Incoming.Arn',
    'sqs:ReceiveMessage on Incoming.Arn',
    'sqs:SendMessage on DeadLetters.Arn',
    ...TRACES,
  ],
  CreditRecipients: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:BatchGetItem on Transfers.Arn',
    'dynamodb:DescribeStream on Transfers.StreamArn',
    'dynamodb:GetRecords on Transfers.StreamArn',
    'dynamodb:GetShardIterator on Transfers.StreamArn',
    'dynamodb:ListStreams on Transfers.StreamArn',
    'dynamodb:PutItem on Accounts.Arn',
    'dynamodb:PutItem on Transfers.Arn',
    'logs:CreateLogStream on CreditRecipientsLogs.Arn',
    'logs:PutLogEvents on CreditRecipientsLogs.Arn',
    'sqs:SendMessage on FailureNotices.Arn',
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
    'sqs:SendMessage on FailureNotices.Arn',
    'sqs:SendMessage on StreamFailures.Arn',
    ...TRACES,
  ],
  RunChores: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:PutItem on Accounts.Arn',
    'logs:CreateLogStream on RunChoresLogs.Arn',
    'logs:PutLogEvents on RunChoresLogs.Arn',
    'sqs:ChangeMessageVisibility on Chores.Arn',
    'sqs:DeleteMessage on Chores.Arn',
    'sqs:GetQueueAttributes on Chores.Arn',
    'sqs:ReceiveMessage on Chores.Arn',
    ...TRACES,
  ],
  SweepAccounts: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:DeleteItem on Accounts.Arn',
    'dynamodb:DescribeTable on Accounts.Arn',
    'dynamodb:PutItem on Accounts.Arn',
    'dynamodb:PutItem on Transfers.Arn',
    'dynamodb:Scan on Accounts.Arn',
    'logs:CreateLogStream on SweepAccountsLogs.Arn',
    'logs:PutLogEvents on SweepAccountsLogs.Arn',
    'sqs:DeleteMessage on AccountsSweep.Arn',
    'sqs:GetQueueAttributes on AccountsSweep.Arn',
    'sqs:ReceiveMessage on AccountsSweep.Arn',
    'sqs:SendMessage on AccountsSweep.Arn',
    'sqs:SendMessage on FailedStarts.Arn',
    ...TRACES,
  ],
  SweepTransfers: [
    'dynamodb:BatchGetItem on Accounts.Arn',
    'dynamodb:BatchGetItem on Transfers.Arn',
    'dynamodb:DescribeTable on Transfers.Arn',
    'dynamodb:PutItem on Accounts.Arn',
    'dynamodb:PutItem on Transfers.Arn',
    'dynamodb:Scan on Transfers.Arn',
    'logs:CreateLogStream on SweepTransfersLogs.Arn',
    'logs:PutLogEvents on SweepTransfersLogs.Arn',
    'sqs:DeleteMessage on TransfersSweep.Arn',
    'sqs:GetQueueAttributes on TransfersSweep.Arn',
    'sqs:ReceiveMessage on TransfersSweep.Arn',
    'sqs:SendMessage on FailedStarts.Arn',
    'sqs:SendMessage on TransfersSweep.Arn',
    ...TRACES,
  ],
  PublishAgain: [
    'dynamodb:DescribeTable on Accounts.Arn',
    'dynamodb:DescribeTable on Transfers.Arn',
    'dynamodb:Scan on Accounts.Arn',
    'dynamodb:Scan on Transfers.Arn',
    'logs:CreateLogStream on PublishAgainLogs.Arn',
    'logs:PutLogEvents on PublishAgainLogs.Arn',
    'sns:Publish on ToCoordinators',
    'sns:Publish on ToCreditors',
    'sns:Publish on ToDebtors',
    'sqs:DeleteMessage on FailureNotices.Arn',
    'sqs:DeleteMessage on PublishAgainTasks.Arn',
    'sqs:GetQueueAttributes on PublishAgainTasks.Arn',
    'sqs:ReceiveMessage on FailureNotices.Arn',
    'sqs:ReceiveMessage on PublishAgainTasks.Arn',
    'sqs:SendMessage on FailedStarts.Arn',
    'sqs:SendMessage on PublishAgainTasks.Arn',
    ...TRACES,
  ],
};

/** What DynamoDB checks for each kind of call; the parts of a transaction are checked like single calls. */
const ACTIONS_OF_CALLS: Record<string, string[]> = {
  BatchGet: ['BatchGetItem'],
  Delete: ['DeleteItem'],
  Put: ['PutItem'],
  ScanItems: ['Scan'],
  // A transaction is permitted by what it writes.
  TransactWrite: [],
  TransactWriteItems: [],
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
      /^AWS::(IAM|KMS)/.test(template.Resources[name]?.Type ?? ''),
    );
    expect(policies).toStrictEqual(
      Object.keys(PERMISSIONS).flatMap((name) => [`${name}Role`, `${name}RoleDefaultPolicy`]),
    );
  });

  it('only the schedules may invoke functions from outside', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Permission')).toStrictEqual({
      SweepAccountsMayBeScheduled: scheduled('SweepAccounts'),
      SweepTransfersMayBeScheduled: scheduled('SweepTransfers'),
      PublishAgainMayBeScheduled: scheduled('PublishAgain'),
    });
  });

  // Emulators allow everything, so a call without permission would fail only in the cloud.
  it('every kind of call that functions make to tables is permitted to some of them, and no other', () => {
    const calls = sourcesOfFunctions().flatMap((text) =>
      [...text.matchAll(/new (\w+)Command\(/g)].map(([, call = '']) => call),
    );
    const permitted = Object.values(PERMISSIONS)
      .flat()
      .map((permission) => /^dynamodb:(\w+) on \w+\.Arn$/.exec(permission)?.[1])
      .filter((action) => action !== undefined);
    const needed = calls.flatMap((call) => ACTIONS_OF_CALLS[call] ?? [call]);
    expect([...new Set(permitted)].sort()).toStrictEqual([...new Set(needed)].sort());
  });

  it('only the schedules may send to a queue from outside: starts of sweeps that failed', () => {
    const allowed = statementsOf('AWS::SQS::QueuePolicy').filter(({ Effect }) => Effect === 'Allow');
    const fromSchedule = (name: string) => ({
      Action: 'sqs:SendMessage',
      Condition: { ArnEquals: { 'aws:SourceArn': `${name}Schedule.Arn` } },
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Resource: 'FailedStarts.Arn',
    });
    expect(allowed).toStrictEqual([
      fromSchedule('SweepAccounts'),
      fromSchedule('SweepTransfers'),
      fromSchedule('PublishAgain'),
    ]);
  });

  it.each(['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy'])('%s refuses unencrypted calls', (type) => {
    for (const { Effect, Condition } of statementsOf(type).filter((each) => each.Effect !== 'Allow')) {
      expect({ Effect, Condition }).toStrictEqual({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });
});

function statementsOf(type: string) {
  return Object.values(propertiesOf(template, type)).flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement,
  );
}

/** The storage code that handlers use; operators' tools have their own permissions. */
function sourcesOfFunctions(): string[] {
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    // The audit's permissions are in a test of its own.
    entryPoints: FUNCTION_NAMES.filter((name) => name !== 'scheduled-audit').map(
      (name) => `functions/${name}.ts`,
    ),
    outdir: 'unused',
    bundle: true,
    packages: 'external',
    platform: 'node',
    write: false,
    metafile: true,
  });
  return Object.keys(metafile.inputs)
    .filter((path) => path.startsWith('lib/storage/'))
    .map((path) => readFileSync(join(ROOT, path), 'utf8'));
}

function scheduled(name: string) {
  return {
    Action: 'lambda:InvokeFunction',
    FunctionName: `${name}.Arn`,
    Principal: 'events.amazonaws.com',
    SourceArn: `${name}Schedule.Arn`,
  };
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

/** Everything that the policies of a role allow, as sorted sentences. */
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
