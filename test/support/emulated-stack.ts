/**
 * Tables, queues and topics on this machine's emulators, with the file of outputs that names them, for operators' tools.
 * No function runs in it.
 */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDynamoDbClient, type DynamoDbClient } from '../../lib/local/emulators/dynamo-db-client.ts';
import { deleteOtherTables } from '../../lib/local/emulators/other-tables.ts';
import {
  type LocalQueue,
  type PublishedMessage,
  startQueueAndTopicEmulator,
} from '../../lib/local/emulators/queue-and-topic-emulator.ts';
import { startTableEmulator } from '../../lib/local/emulators/table-emulator.ts';
import { ACCOUNT_ID, REGION } from '../../lib/local/stack/emulated-cloud.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { OTHER_DYNAMODB } from './other-dynamodb.ts';
import { type WireItem, wireAccount, wireRecord } from './wire-tables.ts';

const QUEUES = {
  IncomingQueueUrl: 'Incoming',
  DeadLetterQueueUrl: 'DeadLetters',
  GivenUpQueueUrl: 'GivenUp',
  ChoresQueueUrl: 'Chores',
  ChoresDeadLetterQueueUrl: 'ChoresDeadLetters',
  AccountsSweepQueueUrl: 'AccountsSweep',
  TransfersSweepQueueUrl: 'TransfersSweep',
  SweepsDeadLetterQueueUrl: 'SweepsDeadLetters',
  StreamFailuresQueueUrl: 'StreamFailures',
  FailureNoticesQueueUrl: 'FailureNotices',
  PublishAgainTasksQueueUrl: 'PublishAgainTasks',
} as const;

const TOPICS = {
  ToCreditorsTopicArn: 'ToCreditors',
  ToDebtorsTopicArn: 'ToDebtors',
  ToCoordinatorsTopicArn: 'ToCoordinators',
} as const;

type QueueName = (typeof QUEUES)[keyof typeof QUEUES];
type TopicName = (typeof TOPICS)[keyof typeof TOPICS];
type TableName = 'Accounts' | 'Transfers';

export interface EmulatedStack {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outputsFile: string;
  readonly dynamoDb: DynamoDbClient;
  readonly streamArns: Readonly<Record<TableName, string>>;
  readonly queues: Readonly<Record<QueueName, LocalQueue>>;
  readonly published: readonly PublishedMessage[];
  readonly addTopic: (name: TopicName) => void;
  readonly put: (table: TableName, item: WireItem) => Promise<void>;
  /** Puts all accounts and transfers. */
  readonly fill: (world: LedgerWorld) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param missingTopics topics that the outputs name but that do not exist yet */
export async function startEmulatedStack(missingTopics: readonly TopicName[] = []): Promise<EmulatedStack> {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  const wish = { port: 0, patienceMs: 0 };
  const published: PublishedMessage[] = [];
  const tables = await startTables();
  const messaging = await startQueueAndTopicEmulator({
    ...wish,
    flag: '--port',
    folder: join(folder, 'queues'),
    onPublished: (message) => void published.push(message),
  });
  const dynamoDb = createDynamoDbClient(tables.endpoint);
  const queues = Object.fromEntries(
    Object.values(QUEUES).map((name) => [name, messaging.putQueue(name, {})]),
  ) as Record<QueueName, LocalQueue>;
  for (const name of Object.values(TOPICS).filter((topic) => !missingTopics.includes(topic))) {
    messaging.putTopic(name);
  }
  const streamArns = {
    Accounts: await createTable(dynamoDb, 'Accounts', tables.suffix),
    Transfers: await createTable(dynamoDb, 'Transfers', tables.suffix),
  };
  const outputs: Record<string, string> = {
    AccountsTableName: `Accounts${tables.suffix}`,
    TransfersTableName: `Transfers${tables.suffix}`,
    Settings: '{}',
    Endpoint: messaging.endpoint,
    DynamoDbEndpoint: tables.endpoint,
    ...Object.fromEntries(Object.entries(QUEUES).map(([output, name]) => [output, queues[name].url])),
    ...Object.fromEntries(
      Object.entries(TOPICS).map(([output, name]) => [output, `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`]),
    ),
  };
  const outputsFile = join(folder, 'outputs.json');
  writeFileSync(outputsFile, JSON.stringify({ Emulated: outputs }));
  const put = async (table: TableName, Item: WireItem): Promise<void> => {
    await dynamoDb.call('DynamoDB.PutItem', { TableName: `${table}${tables.suffix}`, Item });
  };
  return {
    outputs,
    outputsFile,
    dynamoDb,
    streamArns,
    queues,
    published,
    addTopic: messaging.putTopic,
    put,
    fill: async ({ accounts, records }) => {
      for (const account of accounts.values()) {
        await put('Accounts', wireAccount(account));
      }
      for (const record of records.values()) {
        await put('Transfers', wireRecord(record));
      }
    },
    stop: async () => {
      dynamoDb.close();
      await messaging.stop();
      await tables.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

interface Tables {
  readonly endpoint: string;
  /** Ends the tables' names. */
  readonly suffix: string;
  readonly stop: () => Promise<void>;
}

async function startTables(): Promise<Tables> {
  if (OTHER_DYNAMODB === undefined) {
    const emulator = await startTableEmulator({ port: 0, patienceMs: 0, flag: '--dynamodb-port' });
    return { ...emulator, suffix: '' };
  }
  const client = createDynamoDbClient(OTHER_DYNAMODB);
  const suffix = `-${randomUUID()}`;
  const stop = async () => {
    await deleteOtherTables(client, suffix);
    client.close();
  };
  return { endpoint: OTHER_DYNAMODB, suffix, stop };
}

/** @returns the ARN of the table's stream */
async function createTable(client: DynamoDbClient, name: TableName, suffix: string): Promise<string> {
  const sortKey = name === 'Transfers' ? [{ AttributeName: 'transferId', KeyType: 'RANGE' }] : [];
  const sortType = name === 'Transfers' ? [{ AttributeName: 'transferId', AttributeType: 'N' }] : [];
  const { TableDescription } = await client.call<{ TableDescription: { LatestStreamArn: string } }>(
    'DynamoDB.CreateTable',
    {
      TableName: `${name}${suffix}`,
      KeySchema: [{ AttributeName: 'account', KeyType: 'HASH' }, ...sortKey],
      AttributeDefinitions: [{ AttributeName: 'account', AttributeType: 'S' }, ...sortType],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
  );
  return TableDescription.LatestStreamArn;
}
