/** Reads one shard of a stream into its lanes, no further ahead than they can use. The shards come from stream-mapping.ts. */

import type { ShardReader, StreamRecord } from '../emulators/table-stream.ts';
import { Pulse, pause } from './pulse.ts';
import { type LanesDefinition, type StreamLanes, startLanes } from './stream-lanes.ts';

export interface ShardFeedDefinition extends LanesDefinition {
  readonly reader: Pick<ShardReader, 'read'>;
  /** Called for the first of several reads in a row that fail. */
  readonly onReadError: (error: unknown) => void;
  /** How long to wait before the next read when one found nothing. */
  readonly pollMs: () => number;
}

export interface ShardFeed {
  /** Reads now, if it is waiting to read again. */
  readonly wake: () => void;
  /** When the latest read began that found nothing while no record was pending; an instant of `performance.now`. */
  readonly idleSince: () => number;
  readonly position: () => string | undefined;
  /** Resolves with true at the shard's end, or with false once the signal given at the start is aborted. */
  readonly whenEnded: Promise<boolean>;
}

const MIN_READ = 100;
/** The most records that the Streams API gives at once. */
const MAX_READ = 1000;
/** A read for every single record would cost more than handling it. Lambda itself reads four times a second. */
const MIN_PERIOD_MS = 20;
const PAUSE_AFTER_ERROR_MS = 500;

export function startShardFeed(definition: ShardFeedDefinition, signal: AbortSignal): ShardFeed {
  const { batchSize, laneCount, pollMs } = definition;
  const lanes = startLanes(definition, signal);
  const polling = new Pulse();
  const batchesSize = Math.max(MIN_READ, batchSize * laneCount);
  const readSize = Math.min(MAX_READ, batchesSize);
  let idleSince = Number.NEGATIVE_INFINITY;
  const loop = async (): Promise<boolean> => {
    while (!signal.aborted) {
      await lanes.untilFewerThan(2 * batchesSize, signal);
      const startedAt = performance.now();
      const records = await readPatiently(definition, readSize, signal);
      if (records === undefined) {
        return untilDone(lanes, signal);
      }
      lanes.push(records);
      const isQuiet = records.length === 0;
      if (isQuiet && lanes.pendingCount() === 0) {
        idleSince = startedAt;
      }
      if (records.length < readSize) {
        await pause(MIN_PERIOD_MS, signal);
      }
      if (isQuiet) {
        await polling.wait(pollMs(), signal);
      }
    }
    await lanes.whenStopped;
    return false;
  };
  return {
    wake: () => polling.beat(),
    idleSince: () => idleSince,
    position: lanes.position,
    whenEnded: loop(),
  };
}

async function untilDone(lanes: StreamLanes, signal: AbortSignal): Promise<boolean> {
  await lanes.untilFewerThan(1, signal);
  if (signal.aborted) {
    await lanes.whenStopped;
  }
  return !signal.aborted;
}

/** Reads until a read succeeds; undefined at the shard's end, no records when aborted. */
async function readPatiently(
  { reader, onReadError }: ShardFeedDefinition,
  limit: number,
  signal: AbortSignal,
): Promise<readonly StreamRecord[] | undefined> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      return await reader.read(limit);
    } catch (error) {
      if (failures === 0) {
        onReadError(error);
      }
      await pause(PAUSE_AFTER_ERROR_MS, signal);
    }
  }
  return [];
}
