/**
 * The lanes of a stream shard: records of one item are handled in order, those of different items in parallel. Records
 * come from stream-shard.ts.
 */

import type { StreamRecord } from '../emulators/table-stream.ts';
import type { EventFilter } from './event-filter.ts';
import { Pulse, pause } from './pulse.ts';
import { ShardProgress } from './shard-progress.ts';
import { type BatchHandling, handleStreamBatch } from './stream-attempts.ts';

export interface LanesDefinition {
  /** Records that it does not accept are done without being handled. */
  readonly filter: EventFilter;
  readonly batchSize: number;
  /** How long an incomplete batch waits for more, from its first record on. */
  readonly windowMs: number;
  /** How many batches may be handled at once. */
  readonly laneCount: number;
  readonly handling: Omit<BatchHandling, 'onDone' | 'pause'>;
  /** The sequence number up to which all records are done at the start. */
  readonly position: string | undefined;
  /** Saves that all records up to and including this one are done. */
  readonly onProgress: (sequenceNumber: string) => void;
}

export interface StreamLanes {
  /** Takes in records in the order of the shard. */
  readonly push: (records: readonly StreamRecord[]) => void;
  /** The last record up to which, and including which, all records are done. */
  readonly position: () => string | undefined;
  /** How many accepted records are not done. */
  readonly pendingCount: () => number;
  /** Resolves when fewer than `limit` records are pending, or `signal` is aborted. For one waiter. */
  readonly untilFewerThan: (limit: number, signal: AbortSignal) => Promise<void>;
  /** Resolves when the signal given at the start is aborted and no batch is under way any more. */
  readonly whenStopped: Promise<unknown>;
}

export function startLanes(definition: LanesDefinition, signal: AbortSignal): StreamLanes {
  const { filter, laneCount, onProgress } = definition;
  const progress = new ShardProgress(definition.position);
  const room = new Pulse();
  let pendingCount = 0;
  const finish = (records: readonly StreamRecord[]) => {
    const before = progress.position;
    for (const { dynamodb } of records) {
      progress.finish(dynamodb.SequenceNumber);
    }
    const { position } = progress;
    if (position !== undefined && position !== before) {
      onProgress(position);
    }
    room.beat();
  };
  const onDone = (records: readonly StreamRecord[]) => {
    pendingCount -= records.length;
    finish(records);
  };
  const handling = { ...definition.handling, onDone, pause };
  const lanes = Array.from({ length: laneCount }, () => startLane({ ...definition, handling }, signal));
  return {
    push: (records) => {
      for (const { dynamodb } of records) {
        progress.add(dynamodb.SequenceNumber);
      }
      const { wanted = [], unwanted = [] } = Object.groupBy(records, (record) =>
        filter(record) ? 'wanted' : 'unwanted',
      );
      pendingCount += wanted.length;
      for (const record of wanted) {
        lanes[laneOf(record, laneCount)]?.push(record);
      }
      finish(unwanted);
    },
    position: () => progress.position,
    pendingCount: () => pendingCount,
    untilFewerThan: async (limit, waitSignal) => {
      while (pendingCount >= limit && !waitSignal.aborted) {
        await room.wait(Number.POSITIVE_INFINITY, waitSignal);
      }
    },
    whenStopped: Promise.all(lanes.map(({ whenStopped }) => whenStopped)),
  };
}

interface Lane {
  readonly push: (record: StreamRecord) => void;
  readonly whenStopped: Promise<void>;
}

interface LaneDefinition extends Pick<LanesDefinition, 'batchSize' | 'windowMs'> {
  readonly handling: BatchHandling;
}

function startLane({ batchSize, windowMs, handling }: LaneDefinition, signal: AbortSignal): Lane {
  const queue: StreamRecord[] = [];
  const arrival = new Pulse();
  const untilBatchIsDue = async () => {
    while (queue.length === 0 && !signal.aborted) {
      await arrival.wait(Number.POSITIVE_INFINITY, signal);
    }
    const windowEnd = Date.now() + windowMs;
    while (queue.length < batchSize && !signal.aborted) {
      const remainingMs = windowEnd - Date.now();
      if (remainingMs <= 0) {
        break;
      }
      await arrival.wait(remainingMs, signal);
    }
  };
  const loop = async () => {
    for (;;) {
      await untilBatchIsDue();
      if (signal.aborted) {
        return;
      }
      await handleStreamBatch(queue.splice(0, batchSize), handling, signal);
    }
  };
  const push = (record: StreamRecord) => {
    queue.push(record);
    arrival.beat();
  };
  return { push, whenStopped: loop() };
}

/** Depends on the item's keys alone. They are sorted, since emulators write them in no fixed order. */
function laneOf({ dynamodb }: StreamRecord, laneCount: number): number {
  if (laneCount === 1) {
    return 0;
  }
  const text = JSON.stringify(Object.entries(dynamodb.Keys).sort(([a], [b]) => (a < b ? -1 : 1)));
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(i)) >>> 0;
  }
  return hash % laneCount;
}
