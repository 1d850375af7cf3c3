/** Reads the stream of a table through the DynamoDB Streams API, shard by shard. Its readers are elsewhere. */

import { REGION } from '../stack/emulated-cloud.ts';
import { type DynamoDbClient, DynamoDbError } from './dynamo-db-client.ts';

/** A record as Lambda passes it on; images and the like stay as the service wrote them. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly Keys: object;
    readonly SequenceNumber: string;
    readonly NewImage?: object;
    readonly OldImage?: object;
    /** In seconds since 1970. */
    readonly ApproximateCreationDateTime: number;
  };
}

/** The shards of a stream, parents before the shards that continue them. */
export async function listShards(client: DynamoDbClient, streamArn: string): Promise<Shard[]> {
  const shards: Shard[] = [];
  let ExclusiveStartShardId: string | undefined;
  do {
    const { StreamDescription } = await client.call<DescribeStreamOutput>('DynamoDBStreams.DescribeStream', {
      StreamArn: streamArn,
      ExclusiveStartShardId,
    });
    shards.push(...StreamDescription.Shards);
    ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
  } while (ExclusiveStartShardId !== undefined);
  return shards;
}

export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

interface DescribeStreamOutput {
  readonly StreamDescription: {
    readonly Shards: readonly Shard[];
    readonly LastEvaluatedShardId?: string;
  };
}

interface ShardAddress {
  readonly streamArn: string;
  readonly shardId: string;
}

export class ShardReader {
  readonly #client: DynamoDbClient;
  readonly #shard: ShardAddress;
  #lastRead: string | undefined;
  #iterator: string | undefined;
  #isAtEnd = false;

  /** Begins after a sequence number, or with the oldest record. */
  constructor(client: DynamoDbClient, shard: ShardAddress, after: string | undefined) {
    this.#client = client;
    this.#shard = shard;
    this.#lastRead = after;
  }

  /** The next records, at most `limit`; undefined at the shard's end. */
  async read(limit: number): Promise<readonly StreamRecord[] | undefined> {
    if (this.#isAtEnd) {
      return undefined;
    }
    try {
      this.#iterator ??= await openIterator(this.#client, this.#shard, this.#lastRead);
      const input = { ShardIterator: this.#iterator, Limit: limit };
      const output = await this.#client.call<GetRecordsOutput>('DynamoDBStreams.GetRecords', input);
      this.#iterator = output.NextShardIterator;
      this.#isAtEnd = this.#iterator === undefined;
      this.#lastRead = output.Records.at(-1)?.dynamodb.SequenceNumber ?? this.#lastRead;
      const origin = { awsRegion: REGION, eventSourceARN: this.#shard.streamArn };
      return output.Records.map((record) => ({ ...record, ...origin }));
    } catch (error) {
      // Iterators expire; the next call opens a new one.
      this.#iterator = undefined;
      throw error;
    }
  }
}

interface GetRecordsOutput {
  readonly Records: readonly StreamRecord[];
  readonly NextShardIterator?: string;
}

async function openIterator(
  client: DynamoDbClient,
  { streamArn, shardId }: ShardAddress,
  after: string | undefined,
): Promise<string> {
  const open = async (position: object) => {
    const { ShardIterator } = await client.call<{ readonly ShardIterator: string }>(
      'DynamoDBStreams.GetShardIterator',
      { StreamArn: streamArn, ShardId: shardId, ...position },
    );
    return ShardIterator;
  };
  if (after === undefined) {
    return open({ ShardIteratorType: 'TRIM_HORIZON' });
  }
  try {
    return await open({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after });
  } catch (error) {
    // The stream no longer has this record; read on from its oldest one.
    if (!(error instanceof DynamoDbError && error.code === 'TrimmedDataAccessException')) {
      throw error;
    }
    return open({ ShardIteratorType: 'TRIM_HORIZON' });
  }
}
