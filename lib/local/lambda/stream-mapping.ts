/**
 * The event source mapping from a table's stream to a function, as Lambda does it, over all shards of the stream. The
 * mappings that there are come from event-source-mappings.ts.
 */

import type { DynamoDbClient } from '../emulators/dynamo-db-client.ts';
import { listShards, type Shard, ShardReader, type StreamRecord } from '../emulators/table-stream.ts';
import { printFailureNotice } from './failure-notice.ts';
import type { LocalFunction } from './local-function.ts';
import type { Positions } from './positions.ts';
import type { BatchHandling, RetryPolicy } from './stream-attempts.ts';
import { type ShardFeed, type ShardFeedDefinition, startShardFeed } from './stream-shard.ts';

export interface StreamMappingDefinition
  extends RetryPolicy,
    Pick<ShardFeedDefinition, 'filter' | 'batchSize' | 'windowMs' | 'laneCount' | 'pollMs'>,
    Pick<BatchHandling, 'reportsItemFailures'> {
  /** Its positions are kept under this name. */
  readonly name: string;
  readonly streamArn: string;
  readonly client: DynamoDbClient;
  readonly positions: Positions;
  readonly target: Pick<LocalFunction, 'invoke' | 'arn'>;
  /** Milliseconds since 1970, on the clock by which records are dated. */
  readonly now: () => number;
  /** Takes notices of records that are given up; if undefined, there are none. */
  readonly failureDestination: ((notice: string) => Promise<void>) | undefined;
  /** For people: what went wrong. */
  readonly onTrouble: (sentence: string) => void;
}

export interface StreamMapping {
  readonly streamArn: string;
  /** Looks for new records now. */
  readonly wake: () => void;
  /** Whether all records are done that existed at the instant of `performance.now`. */
  readonly hasCaughtUpWith: (instant: number) => boolean;
  /** For each shard, the last record up to which all are done. */
  readonly positions: () => readonly (string | undefined)[];
  /** Finishes the batches under way; records that were read ahead are left for the next start. */
  readonly stop: () => Promise<void>;
}

/** Saved in place of the position when a shard has been read to its end. */
const SHARD_END = 'END';

export async function startStreamMapping(definition: StreamMappingDefinition): Promise<StreamMapping> {
  const stopping = new AbortController();
  const feeds = new Map<string, ShardFeed>();
  const { client, streamArn, positions, now } = definition;
  const key = `${definition.name} ${streamArn}`;
  const startedAt = now();
  // Records don't age while the local run is stopped, as the cloud never is.
  const ageOf = ({ dynamodb }: StreamRecord) =>
    (now() - Math.max(startedAt, dynamodb.ApproximateCreationDateTime * 1000)) / 1000;
  const isRead = ({ ShardId }: Shard) => positions.load(key, ShardId) === SHARD_END;
  const startDueShards = async () => {
    const shards = await listShards(client, streamArn);
    for (const shard of shards) {
      const parent = shards.find(({ ShardId }) => ShardId === shard.ParentShardId);
      const isDue = parent === undefined || isRead(parent);
      if (!isDue || isRead(shard) || feeds.has(shard.ShardId) || stopping.signal.aborted) {
        continue;
      }
      const feed = startShardFeed(feedOf({ ...definition, ageOf }, key, shard.ShardId), stopping.signal);
      feeds.set(shard.ShardId, feed);
      void feed.whenEnded.then(async (isAtEnd) => {
        if (!isAtEnd) {
          return;
        }
        positions.save(key, shard.ShardId, SHARD_END);
        feeds.delete(shard.ShardId);
        await startDueShards().catch((error) => definition.onTrouble(`can't find the next shards: ${error}`));
      });
    }
  };
  await startDueShards();
  const all = () => [...feeds.values()];
  return {
    streamArn,
    wake: () => {
      for (const feed of all()) {
        feed.wake();
      }
    },
    hasCaughtUpWith: (instant) => all().every((feed) => feed.idleSince() >= instant),
    positions: () => all().map((feed) => feed.position()),
    stop: async () => {
      stopping.abort();
      await Promise.all(all().map((feed) => feed.whenEnded));
    },
  };
}

function feedOf(
  definition: StreamMappingDefinition & Pick<BatchHandling, 'ageOf'>,
  key: string,
  shardId: string,
): ShardFeedDefinition {
  const { client, streamArn, positions, target, failureDestination, onTrouble } = definition;
  const position = positions.load(key, shardId);
  return {
    ...definition,
    reader: new ShardReader(client, { streamArn, shardId }, position),
    position,
    onProgress: (sequenceNumber) => positions.save(key, shardId, sequenceNumber),
    onReadError: (error) => onTrouble(`can't read the stream: ${error}`),
    handling: {
      ...definition,
      invoke: target.invoke,
      onFailure: (records, reason) => onTrouble(`failed on ${records.length} records: ${reason}`),
      onGivenUp: async (givenUp) => {
        const { records, attempts, condition } = givenUp;
        onTrouble(`gave up ${records.length} records after ${attempts} attempts (${condition})`);
        await failureDestination?.(
          printFailureNotice({ ...givenUp, functionArn: target.arn, streamArn, shardId }),
        );
      },
    },
  };
}
