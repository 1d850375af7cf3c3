/** Reading the stream of a table through the DynamoDB Streams API, shard by shard. Who reads it, and when, is not here. */

import { REGION } from '../stack/emulated-cloud.ts';
import { type DynamoDbClient, DynamoDbError } from './dynamo-db-client.ts';

/** A record as Lambda passes it on; images and the like are left as the service wrote them. */
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

export interface ShardReader {
  /** The next records, at most `limit`; undefined when the shard is at its end and will have no more. */
  readonly read: (limit: number) => Promise<readonly StreamRecord[] | undefined>;
}

/** The shards of a stream, those of which others are the continuation first. */
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

/** A reader that goes on after a sequence number, or begins with the oldest record there is. */
export function createShardReader(
  client: DynamoDbClient,
  streamArn: string,
  shardId: string,
  after: string | undefined,
): ShardReader {
  let lastRead = after;
  let iterator: string | undefined;
  let isAtEnd = false;
  const read = async (limit: number): Promise<readonly StreamRecord[] | undefined> => {
    if (isAtEnd) {
      return undefined;
    }
    iterator ??= await openIterator(client, streamArn, shardId, lastRead);
    const { Records, NextShardIterator } = await client.call<GetRecordsOutput>('DynamoDBStreams.GetRecords', {
      ShardIterator: iterator,
      Limit: limit,
    });
    iterator = NextShardIterator;
    isAtEnd = NextShardIterator === undefined;
    lastRead = Records.at(-1)?.dynamodb.SequenceNumber ?? lastRead;
    return Records.map((record) => ({ ...record, awsRegion: REGION, eventSourceARN: streamArn }));
  };
  return {
    read: async (limit) => {
      try {
        return await read(limit);
      } catch (error) {
        // Iterators are short-lived; the next call opens a new one.
        iterator = undefined;
        throw error;
      }
    },
  };
}

interface GetRecordsOutput {
  readonly Records: readonly StreamRecord[];
  readonly NextShardIterator?: string;
}

async function openIterator(
  client: DynamoDbClient,
  streamArn: string,
  shardId: string,
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
    // Away for longer than the stream keeps its records: what is left begins with the oldest.
    if (!(error instanceof DynamoDbError && error.code === 'TrimmedDataAccessException')) {
      throw error;
    }
    return open({ ShardIteratorType: 'TRIM_HORIZON' });
  }
}
