/** Empty tables for the contract suite: simulated, of the emulator, or of any DynamoDB endpoint. */

import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import { startTableEmulator } from '../../lib/local/emulators/table-emulator.ts';
import type { Item } from '../../lib/storage/fields.ts';
import { type ItemClient, itemClient } from '../../lib/storage/item-client.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../../lib/storage/table-schema.ts';
import { type ForeignItem, fromWire } from '../../lib/storage/wire-item.ts';
import { OTHER_DYNAMODB } from '../support/other-dynamodb.ts';
import { faultlessTableClient } from './aws/simulated-table-client.ts';
import { type ItemChange, SimulatedTables } from './aws/simulated-tables.ts';

/** One change as a stream reports it. */
export interface StreamedChange {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

export interface TablesUnderContract {
  readonly client: ItemClient;
  readonly accounts: string;
  readonly transfers: string;
  /** The changes in the stream of the transfers table, in order, once there are `count` of them. */
  readonly changes: (count: number) => Promise<readonly StreamedChange[]>;
  readonly close: () => Promise<void>;
}

export async function simulatedTables(): Promise<TablesUnderContract> {
  const changes: ItemChange[] = [];
  const schemas = { accounts: ACCOUNTS_TABLE, transfers: TRANSFERS_TABLE };
  const tables = new SimulatedTables(
    schemas,
    () => 0,
    (more) => void changes.push(...more),
  );
  const client = faultlessTableClient(tables);
  return {
    client,
    accounts: 'accounts',
    transfers: 'transfers',
    changes: async () =>
      changes.filter(({ table }) => table === 'transfers').map(({ before, after }) => ({ before, after })),
    close: async () => {},
  };
}

export async function emulatedTables(): Promise<TablesUnderContract> {
  if (OTHER_DYNAMODB !== undefined) {
    return tablesAt(OTHER_DYNAMODB, { accessKeyId: 'local', secretAccessKey: 'local' });
  }
  const emulator = await startTableEmulator({ port: 0, patienceMs: 0, flag: '--dynamodb-port' });
  const tables = await tablesAt(emulator.endpoint, { accessKeyId: 'local', secretAccessKey: 'local' });
  return {
    ...tables,
    close: async () => {
      await tables.close();
      await emulator.stop();
    },
  };
}

/** @param credentials left out where the environment has real ones */
export async function tablesAt(
  endpoint: string,
  credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<TablesUnderContract> {
  const config = {
    endpoint,
    region: process.env.AWS_REGION ?? 'us-east-1',
    ...(credentials && { credentials }),
  };
  const dynamoDb = new DynamoDBClient(config);
  const streams = new DynamoDBStreamsClient(config);
  const suffix = `${process.pid}-${Date.now()}`;
  const [accounts, transfers] = [`contract-accounts-${suffix}`, `contract-transfers-${suffix}`];
  await createTable(dynamoDb, accounts, false);
  const streamArn = await createTable(dynamoDb, transfers, true);
  return {
    client: itemClient(dynamoDb),
    accounts,
    transfers,
    changes: (count) => readStream(streams, streamArn, count),
    close: async () => {
      for (const TableName of [accounts, transfers]) {
        await dynamoDb.send(new DeleteTableCommand({ TableName }));
      }
      dynamoDb.destroy();
      streams.destroy();
    },
  };
}

async function createTable(client: DynamoDBClient, TableName: string, isTransfers: boolean): Promise<string> {
  const { partitionKey, sortKey } = TRANSFERS_TABLE;
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        ...(isTransfers ? [{ AttributeName: sortKey, KeyType: 'RANGE' as const }] : []),
      ],
      AttributeDefinitions: [
        { AttributeName: partitionKey, AttributeType: 'S' },
        ...(isTransfers ? [{ AttributeName: sortKey, AttributeType: 'N' as const }] : []),
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 1, maxDelay: 2 }, { TableName });
  return TableDescription?.LatestStreamArn ?? '';
}

const MAX_STREAM_READS = 100;

async function readStream(
  client: DynamoDBStreamsClient,
  StreamArn: string,
  count: number,
): Promise<StreamedChange[]> {
  const changes: StreamedChange[] = [];
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  let iterators = await Promise.all(
    (StreamDescription?.Shards ?? []).map((shard) => iteratorOf(client, StreamArn, shard)),
  );
  for (let round = 0; round < MAX_STREAM_READS && changes.length < count; round += 1) {
    const pages = await Promise.all(
      iterators.map((ShardIterator) => client.send(new GetRecordsCommand({ ShardIterator }))),
    );
    for (const { dynamodb = {} } of pages.flatMap(({ Records = [] }) => Records)) {
      changes.push({ before: itemOf(dynamodb.OldImage), after: itemOf(dynamodb.NewImage) });
    }
    iterators = pages.flatMap(({ NextShardIterator }) => NextShardIterator ?? []);
  }
  return changes;
}

async function iteratorOf(
  client: DynamoDBStreamsClient,
  StreamArn: string,
  { ShardId }: Shard,
): Promise<string> {
  const { ShardIterator = '' } = await client.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  return ShardIterator;
}

function itemOf(image: unknown): Item | undefined {
  return image === undefined ? undefined : fromWire(image as ForeignItem);
}
