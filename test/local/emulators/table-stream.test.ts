import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createDynamoDbClient,
  type DynamoDbClient,
  DynamoDbError,
} from '../../../lib/local/emulators/dynamo-db-client.ts';
import { openStreamRecords } from '../../../lib/local/emulators/stream-records.ts';
import { startTableEmulator, type TableEmulator } from '../../../lib/local/emulators/table-emulator.ts';
import { listShards, ShardReader } from '../../../lib/local/emulators/table-stream.ts';
import { openPositions, type Positions } from '../../../lib/local/lambda/positions.ts';
import { type StreamMapping, startStreamMapping } from '../../../lib/local/lambda/stream-mapping.ts';
import { eventually } from '../../support/eventually.ts';
import { OTHER_DYNAMODB } from '../../support/other-dynamodb.ts';
import { numbersIn } from '../fixtures/stream-records.ts';

let folder: string;
let databaseFile: string;
let emulator: TableEmulator;
let client: DynamoDbClient;
let streamArn: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tables-'));
  databaseFile = join(folder, 'tables.sqlite');
  emulator = await startTableEmulator({ port: 0, flag: '--dynamodb-port', patienceMs: 0, databaseFile });
  client = createDynamoDbClient(emulator.endpoint);
  const { TableDescription } = await client.call<{ TableDescription: { LatestStreamArn: string } }>(
    'DynamoDB.CreateTable',
    {
      TableName: 'Things',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
  );
  streamArn = TableDescription.LatestStreamArn;
});

afterEach(async () => {
  client.close();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

async function put(...ids: string[]): Promise<void> {
  for (const id of ids) {
    await client.call('DynamoDB.PutItem', { TableName: 'Things', Item: { id: { S: id } } });
  }
}

async function reader(after?: string): Promise<ShardReader> {
  const [shard] = await listShards(client, streamArn);
  return new ShardReader(client, { streamArn, shardId: shard?.ShardId ?? '' }, after);
}

const idsIn = (records: Awaited<ReturnType<ShardReader['read']>>) =>
  records?.map(({ dynamodb }) => (dynamodb.Keys as { id: { S: string } }).id.S);

describe.skipIf(OTHER_DYNAMODB !== undefined)('The stream of a table', () => {
  it('gives records as Lambda passes them on', async () => {
    await put('a');
    const [record] = (await (await reader()).read(10)) ?? [];
    const { eventID, dynamodb, ...rest } = record ?? {};
    expect([typeof eventID, rest]).toStrictEqual([
      'string',
      {
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'us-east-1',
        eventSourceARN: streamArn,
      },
    ]);
    expect(dynamodb).toMatchObject({
      Keys: { id: { S: 'a' } },
      NewImage: { id: { S: 'a' } },
      SequenceNumber: '1',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    });
  });

  it('is read on from where the reader is', async () => {
    await put('a', 'b', 'c');
    const first = await reader();
    expect(idsIn(await first.read(2))).toStrictEqual(['a', 'b']);
    expect(idsIn(await first.read(2))).toStrictEqual(['c']);
    expect(idsIn(await first.read(2))).toStrictEqual([]);
    await put('d');
    expect(idsIn(await first.read(2))).toStrictEqual(['d']);
    expect(idsIn(await (await reader('2')).read(10))).toStrictEqual(['c', 'd']);
  });

  it('goes on counting after the records that all have passed were removed', async () => {
    const records = openStreamRecords(databaseFile, 0);
    await put('a', 'b', 'c');
    records.trim('Others', 3n);
    records.trim('Things', 3n);
    expect(idsIn(await (await reader()).read(10))).toStrictEqual(['c']);
    await put('d');
    expect((await (await reader('3')).read(10))?.[0]?.dynamodb.SequenceNumber).toBe('4');
    records.close();
  });

  it('keeps the newest of the records that all have passed', async () => {
    const records = openStreamRecords(databaseFile, 2);
    await put('a', 'b', 'c', 'd', 'e');
    records.trim('Things', 5n);
    expect(idsIn(await (await reader()).read(10))).toStrictEqual(['c', 'd', 'e']);
    records.close();
  });
});

describe.skipIf(OTHER_DYNAMODB !== undefined)('The DynamoDB emulator', () => {
  it('keeps its tables across restarts', async () => {
    await put('a');
    await emulator.stop();
    emulator = await startTableEmulator({ port: 0, flag: '--dynamodb-port', patienceMs: 0, databaseFile });
    client.close();
    client = createDynamoDbClient(emulator.endpoint);
    expect(
      await client.call('DynamoDB.GetItem', { TableName: 'Things', Key: { id: { S: 'a' } } }),
    ).toMatchObject({
      Item: { id: { S: 'a' } },
    });
  });

  it('tells what it refuses', async () => {
    await expect(
      client.call('DynamoDB.GetItem', { TableName: 'Others', Key: { id: { S: 'a' } } }),
    ).rejects.toThrow(DynamoDbError);
  });
});

const WRITTEN_AT_SECONDS = 1_800_000_000;
const HOUR_MS = 3_600_000;

/** Two shards, the second of which continues the first, as other emulators have them. */
function shardsOf(pages: Record<string, string[][]>): DynamoDbClient {
  const Shards = [{ ShardId: 'first' }, { ShardId: 'second', ParentShardId: 'first' }];
  const answers: Record<string, (input: Record<string, string>) => unknown> = {
    'DynamoDBStreams.DescribeStream': () => ({ StreamDescription: { Shards } }),
    'DynamoDBStreams.GetShardIterator': ({ ShardId, SequenceNumber }) => {
      if (SequenceNumber === 'trimmed') {
        throw new DynamoDbError('TrimmedDataAccessException', 'gone');
      }
      return { ShardIterator: `${ShardId}/0` };
    },
    'DynamoDBStreams.GetRecords': ({ ShardIterator = '' }) => {
      const [shardId = '', page = ''] = ShardIterator.split('/');
      const sequenceNumbers = pages[shardId]?.[Number(page)];
      if (sequenceNumbers === undefined) {
        return { Records: [] };
      }
      const Records = sequenceNumbers.map((SequenceNumber) => ({
        dynamodb: { Keys: {}, SequenceNumber, ApproximateCreationDateTime: WRITTEN_AT_SECONDS },
      }));
      return { Records, NextShardIterator: `${shardId}/${Number(page) + 1}` };
    },
  };
  const call = async (operation: string, input: object) =>
    answers[operation]?.(input as Record<string, string>);
  return { call: call as DynamoDbClient['call'], close: () => {} };
}

describe.skipIf(OTHER_DYNAMODB !== undefined)('A mapping from a stream of several shards', () => {
  let positions: Positions;
  let mapping: StreamMapping;
  const batches: number[][] = [];

  beforeEach(() => {
    positions = openPositions(folder);
    batches.length = 0;
  });

  afterEach(async () => {
    await mapping.stop();
    positions.close();
  });

  async function start(
    shards: DynamoDbClient,
    changes: Partial<Parameters<typeof startStreamMapping>[0]> = {},
  ): Promise<void> {
    const invoke = async (event: string) => {
      batches.push(numbersIn(event));
      return { kind: 'returned', value: null } as const;
    };
    mapping = await startStreamMapping({
      name: 'mapping',
      streamArn: 'stream',
      client: shards,
      positions,
      target: { arn: 'function', invoke },
      filter: () => true,
      batchSize: 10,
      windowMs: 0,
      laneCount: 1,
      pollMs: () => 1,
      reportsItemFailures: true,
      bisects: true,
      maxRetryAttempts: 0,
      maxRecordAgeSeconds: -1,
      now: Date.now,
      failureDestination: undefined,
      onTrouble: () => {},
      ...changes,
    });
  }

  /** Records that were written an hour before the mapping starts, and fail until the clock is moved. */
  async function failFrom(now: () => number): Promise<string[]> {
    const notices: string[] = [];
    await start(shardsOf({ first: [['1'], ['2']], second: [] }), {
      now,
      target: {
        arn: 'function',
        invoke: async (event) => {
          batches.push(numbersIn(event));
          return { kind: 'returned', value: { batchItemFailures: [{ itemIdentifier: '1' }] } };
        },
      },
      batchSize: 1,
      maxRetryAttempts: -1,
      maxRecordAgeSeconds: 72_000,
      failureDestination: async (notice) => void notices.push(notice),
    });
    return notices;
  }

  it('gives up records that are too old by its clock, and tells where they are', async () => {
    const startedAt = WRITTEN_AT_SECONDS * 1000 + HOUR_MS;
    let now = startedAt;
    const notices = await failFrom(() => now);
    await eventually(() => expect(batches.length).toBeGreaterThan(1));
    expect(notices).toStrictEqual([]);
    // It was away before, and records don't age then.
    now = startedAt + 20 * HOUR_MS;
    const before = batches.length;
    await eventually(() => expect(batches.length).toBeGreaterThan(before));
    expect(notices).toStrictEqual([]);
    now += 1_000;
    await eventually(() => expect(notices).toHaveLength(2));
    expect(notices.map((notice) => JSON.parse(notice))).toMatchObject([
      {
        requestContext: { condition: 'RecordAgeExceeded' },
        DDBStreamBatchInfo: { startSequenceNumber: '1', endSequenceNumber: '1' },
      },
      {
        requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 },
        DDBStreamBatchInfo: { startSequenceNumber: '2', endSequenceNumber: '2' },
      },
    ]);
  });

  it('reads a shard to its end before it begins with the one that continues it', async () => {
    await start(shardsOf({ first: [['1'], ['2']], second: [['3']] }));
    await eventually(() => expect(batches).toStrictEqual([[1], [2], [3]]));
  });

  it('does not read a shard again that it has read to its end', async () => {
    positions.save('mapping stream', 'first', 'END');
    await start(shardsOf({ first: [['1']], second: [['2']] }));
    await eventually(() => expect(batches).toStrictEqual([[2]]));
  });

  it('begins with the oldest record there is when its place is gone', async () => {
    positions.save('mapping stream', 'first', 'trimmed');
    await start(shardsOf({ first: [['7']], second: [] }));
    await eventually(() => expect(batches).toStrictEqual([[7]]));
  });
});
