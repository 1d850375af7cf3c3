import { afterEach, describe, expect, it } from 'vitest';
import type { StreamRecord } from '../../../lib/local/emulators/table-stream.ts';
import type { InvocationResult } from '../../../lib/local/lambda/invocation-outcome.ts';
import { type ShardFeedDefinition, startShardFeed } from '../../../lib/local/lambda/stream-shard.ts';
import { eventually } from '../../support/eventually.ts';
import { aRecord, numbersIn } from '../fixtures/stream-records.ts';

const OK: InvocationResult = { kind: 'returned', value: null };

interface Shard {
  /** The records that are still to be read. */
  readonly unread: StreamRecord[];
  isAtEnd: boolean;
}

const running = new Set<AbortController>();

afterEach(() => {
  for (const stopping of running) {
    stopping.abort();
  }
});

/** Feeds from a shard in memory and notes invocations and saved positions, in order. */
function feed(
  unread: StreamRecord[],
  invoke: (numbers: number[]) => Promise<InvocationResult>,
  changes: Partial<ShardFeedDefinition> = {},
) {
  const shard: Shard = { unread: [...unread], isAtEnd: false };
  const story: string[] = [];
  const stopping = new AbortController();
  running.add(stopping);
  const shardFeed = startShardFeed(
    {
      reader: {
        read: async (limit) =>
          shard.unread.length === 0 && shard.isAtEnd ? undefined : shard.unread.splice(0, limit),
      },
      position: undefined,
      filter: () => true,
      batchSize: 2,
      windowMs: 0,
      laneCount: 1,
      pollMs: () => 1,
      onReadError: (error) => void story.push(String(error)),
      onProgress: (position) => void story.push(`saved ${position}`),
      handling: {
        invoke: async (event) => {
          const numbers = numbersIn(event);
          story.push(`invoked ${numbers.join(' ')}`);
          return invoke(numbers);
        },
        reportsItemFailures: true,
        bisects: false,
        maxRetryAttempts: 0,
        maxRecordAgeSeconds: -1,
        ageOf: () => 0,
        onGivenUp: async () => {},
        onFailure: () => {},
      },
      ...changes,
    },
    stopping.signal,
  );
  return { shard, story, stopping, running: shardFeed };
}

describe('A shard', () => {
  it('is handled in order, in batches, one after the other, and its position is saved after each', async () => {
    const { story, shard, running } = feed(
      [1, 2, 3, 4, 5].map((number) => aRecord(number)),
      async () => OK,
    );
    shard.isAtEnd = true;
    expect(await running.whenEnded).toBe(true);
    expect(story).toStrictEqual(['invoked 1 2', 'saved 2', 'invoked 3 4', 'saved 4', 'invoked 5', 'saved 5']);
  });

  it('passes over records that the filter does not let through', async () => {
    const { story, shard, running } = feed(
      [1, 2, 3, 4].map((number) => aRecord(number)),
      async () => OK,
      {
        filter: (record) => Number((record as StreamRecord).dynamodb.SequenceNumber) % 2 === 0,
      },
    );
    shard.isAtEnd = true;
    await running.whenEnded;
    expect(story).toStrictEqual(['saved 1', 'invoked 2 4', 'saved 4']);
  });

  it('keeps the records of one item in order while others are handled beside them', async () => {
    const gates = new Map<number, () => void>();
    const { story, shard, running } = feed(
      [aRecord(1, 'a'), aRecord(2, 'b'), aRecord(3, 'a'), aRecord(4, 'b')],
      ([number = 0]) => new Promise((resolve) => gates.set(number, () => resolve(OK))),
      { laneCount: 2, batchSize: 1 },
    );
    shard.isAtEnd = true;
    const finish = async (number: number) => {
      await eventually(() => expect(gates.has(number)).toBe(true));
      gates.get(number)?.();
    };
    await finish(2);
    await finish(4);
    await eventually(() => expect(story).toStrictEqual(['invoked 1', 'invoked 2', 'invoked 4']));
    await finish(1);
    await finish(3);
    await running.whenEnded;
    // Record 3 is of the same item as record 1, so it waited; and no position was saved before record 1 was done.
    expect(story).toStrictEqual(['invoked 1', 'invoked 2', 'invoked 4', 'saved 2', 'invoked 3', 'saved 4']);
  });

  it('waits for a batch to fill for as long as the window allows', async () => {
    const { story, shard, running } = feed([aRecord(1)], async () => OK, { windowMs: 30_000 });
    await eventually(() => expect(shard.unread).toStrictEqual([]));
    shard.unread.push(aRecord(2), aRecord(3));
    await eventually(() => expect(story).toStrictEqual(['invoked 1 2', 'saved 2']));
    expect(running.position()).toBe('2');
  });

  it('handles a batch that is not full when the window has passed', async () => {
    const { story } = feed([aRecord(1)], async () => OK, { windowMs: 20 });
    await eventually(() => expect(story).toStrictEqual(['invoked 1', 'saved 1']));
  });

  it('finishes what is under way when stopped, and saves no position beyond it', async () => {
    const gate = Promise.withResolvers<InvocationResult>();
    const { story, stopping, running } = feed(
      [1, 2, 3, 4].map((number) => aRecord(number)),
      () => gate.promise,
    );
    await eventually(() => expect(story).toStrictEqual(['invoked 1 2']));
    stopping.abort();
    gate.resolve(OK);
    expect(await running.whenEnded).toBe(false);
    expect(story).toStrictEqual(['invoked 1 2', 'saved 2']);
  });

  it('is idle only when all was handled that is there', async () => {
    const gate = Promise.withResolvers<InvocationResult>();
    const before = performance.now();
    const { story, running } = feed([aRecord(1)], () => gate.promise);
    await eventually(() => expect(story).toStrictEqual(['invoked 1']));
    expect(running.idleSince()).toBe(Number.NEGATIVE_INFINITY);
    gate.resolve(OK);
    await eventually(() => expect(running.idleSince()).toBeGreaterThan(before));
  });

  it('is not read further ahead than its function can use', async () => {
    const gate = Promise.withResolvers<InvocationResult>();
    const unread = Array.from({ length: 1000 }, (_, index) => aRecord(index + 1));
    const { shard, story } = feed(unread, () => gate.promise);
    await eventually(() => expect(story).toStrictEqual(['invoked 1 2']));
    expect(shard.unread.length).toBe(800);
    gate.resolve(OK);
    await eventually(() => expect(shard.unread.length).toBe(0));
  });

  it('is read on past what its function is not given, until a batch is full', async () => {
    const unread = Array.from({ length: 1000 }, (_, index) => aRecord(index + 1));
    const { story } = feed(unread, async () => OK, {
      filter: (record) => Number((record as StreamRecord).dynamodb.SequenceNumber) % 10 === 0,
      batchSize: 100,
      windowMs: 60_000,
    });
    const wanted = Array.from({ length: 100 }, (_, index) => 10 * (index + 1));
    await eventually(() => expect(story).toContain(`invoked ${wanted.join(' ')}`));
  });

  it('is read again after a failure, which is told once', async () => {
    let failures = 0;
    const { story } = feed([], async () => OK, {
      reader: {
        read: async () => {
          failures++;
          if (failures < 3) {
            throw new Error('unreachable');
          }
          return failures === 3 ? [aRecord(1)] : [];
        },
      },
    });
    await eventually(() => expect(story).toStrictEqual(['Error: unreachable', 'invoked 1', 'saved 1']));
  });
});
