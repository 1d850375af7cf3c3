/** The simulated services do everything that the real ones may do, and nothing that the real ones promise not to do. */

import { describe, expect, it } from 'vitest';
import { Chaos } from '../chaos.ts';
import { EventLog } from '../event-log.ts';
import { drawFeatures, FEATURE_NAMES, type Features } from '../features.ts';
import { Random } from '../random.ts';
import { MILLISECOND, Scheduler, SECOND } from '../scheduler.ts';
import { type Cloud, Invocation } from './invocation.ts';
import { SimulatedQueue } from './simulated-queue.ts';
import { SimulatedStreamMapping, type StreamRecord, sequenceOf } from './simulated-stream.ts';

/** No faults except those that the test asks for. */
function aCloud(features: Partial<Features> = {}, seed = 'cloud'): Cloud {
  const scheduler = new Scheduler(0);
  const nothing = Object.fromEntries(FEATURE_NAMES.map((name) => [name, 0]));
  const usual = { queueBatch: 10, maxReceives: 20, streamShards: 1, streamBatch: 3, streamAttempts: 0 };
  const random = new Random(seed);
  const chaos = new Chaos(drawFeatures(random, { ...nothing, ...usual, ...features }), random);
  return { scheduler, chaos, log: new EventLog(scheduler, undefined) };
}

function aRecord(sequence: number): StreamRecord {
  const dynamodb = { SequenceNumber: String(sequence), ApproximateCreationDateTime: 0, Keys: {} };
  return { eventName: 'MODIFY', dynamodb };
}

describe('An invocation', () => {
  it('that dies does not go on, while what it has sent may still be done', async () => {
    const endings = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const cloud = aCloud({ crashes: 1 }, `crash ${seed}`);
      const done: number[] = [];
      const invocation = new Invocation('test', cloud);
      let wentOn = 0;
      const running = invocation.run(async () => {
        for (let call = 1; call <= 60; call += 1) {
          await invocation.call('Call', () => void done.push(call), undefined);
          wentOn = call;
        }
      });
      await cloud.scheduler.untilRest();
      expect((await running).kind).toBe('died');
      expect(done.length - wentOn).toBeLessThanOrEqual(1);
      endings.add(done.length === wentOn ? 'not sent' : 'sent');
    }
    expect(endings).toStrictEqual(new Set(['not sent', 'sent']));
  });

  it('gets an error in time when a call takes longer than the function may run', async () => {
    const cloud = aCloud({ slowCalls: 1 });
    const invocation = new Invocation('test', cloud);
    const running = invocation.run(async () => {
      for (;;) {
        await invocation.call('Call', () => undefined, undefined);
      }
    });
    await cloud.scheduler.untilRest();
    expect(await running).toMatchObject({ kind: 'failed', error: { name: 'TimeoutError' } });
    expect(invocation.isShortOfTime).toBe(true);
  });

  it('dies when it does not end in time', async () => {
    const cloud = aCloud();
    const invocation = new Invocation('test', cloud);
    const running = invocation.run(async () => {
      for (;;) {
        await invocation.surroundings.pause(1_000);
      }
    });
    await cloud.scheduler.untilRest();
    expect((await running).kind).toBe('died');
  });

  it('may see a call fail that was done, at once or later', async () => {
    const cloud = aCloud();
    const invocation = new Invocation('test', cloud);
    const done: string[] = [];
    const running = invocation.run(async () => {
      const error = new Error('lost');
      const failures: string[] = [];
      for (const fault of [
        { kind: 'answer lost', error },
        { kind: 'refused', error },
        { kind: 'done late', error, delay: SECOND },
      ] as const) {
        await invocation
          .call('Call', () => void done.push(fault.kind), fault)
          .catch(() => failures.push(`${fault.kind}: ${done.length}`));
      }
      return failures;
    });
    await cloud.scheduler.untilRest();
    expect(await running).toStrictEqual({
      kind: 'done',
      value: ['answer lost: 1', 'refused: 1', 'done late: 1'],
    });
    expect(done).toStrictEqual(['answer lost', 'done late']);
  });
});

describe('A queue', () => {
  it('delivers what was reported as failed again, and nothing else', async () => {
    const cloud = aCloud();
    const deliveries: string[] = [];
    let failures = 3;
    const queue = new SimulatedQueue(cloud, {
      name: 'test',
      handle: async (batch) => {
        deliveries.push(...batch.map(({ body }) => body));
        const failed = batch.filter(({ body }) => body === 'bad' && failures > 0);
        failures -= failed.length;
        return failed.map(({ messageId }) => messageId);
      },
    });
    queue.send('good');
    queue.send('bad');
    await cloud.scheduler.untilRest();
    expect(deliveries.sort()).toStrictEqual(['bad', 'bad', 'bad', 'bad', 'good']);
    expect(queue.size).toBe(0);
  });

  it('delivers more than once, late and in another order, and never loses', async () => {
    const cloud = aCloud({
      queueDuplicates: 0.3,
      queueLateDuplicates: 0.2,
      queueDelays: 0.5,
      maxReceives: 2,
    });
    const deliveries: string[] = [];
    const queue = new SimulatedQueue(cloud, {
      name: 'test',
      handle: async (batch) => {
        deliveries.push(...batch.map(({ body }) => body));
        return batch.filter(() => cloud.chaos.random.chance(0.5)).map(({ messageId }) => messageId);
      },
    });
    const sent = Array.from({ length: 30 }, (_, index) => String(index + 10));
    for (const body of sent) {
      queue.send(body);
    }
    await cloud.scheduler.untilRest();
    expect([...new Set(deliveries)].sort()).toStrictEqual(sent);
    expect(deliveries.length).toBeGreaterThan(sent.length);
    expect(deliveries.slice(0, sent.length)).not.toStrictEqual(sent);
  });
});

describe('A stream', () => {
  /** The batches that a function gets which fails now and then. */
  async function batchesOf(features: Partial<Features>): Promise<string[][]> {
    const cloud = aCloud(features);
    const batches: string[][] = [];
    const mapping = new SimulatedStreamMapping(cloud, {
      name: 'test',
      accepts: ({ dynamodb }) => Number(dynamodb.SequenceNumber) % 2 === 0,
      isRepaired: false,
      handle: async (records) => {
        batches.push(records.map(sequenceOf));
        const failed = cloud.chaos.random.chance(0.3) ? cloud.chaos.random.pick(records) : undefined;
        return failed && sequenceOf(failed);
      },
    });
    for (let sequence = 0; sequence < 40; sequence += 1) {
      cloud.scheduler.after(sequence * 100 * MILLISECOND, () => mapping.append(aRecord(sequence), 0));
    }
    await cloud.scheduler.untilRest();
    return batches;
  }

  const WANTED = Array.from({ length: 20 }, (_, index) => String(index * 2));

  it('hands over what its filter accepts, in order, again from the earliest failure', async () => {
    const batches = await batchesOf({});
    expect([...new Set(batches.flat())]).toStrictEqual(WANTED);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(3);
  });

  it('goes back by chance, and is in order again from there on', async () => {
    const batches = await batchesOf({ streamRewinds: 0.3, streamStalls: 0.3 });
    expect([...new Set(batches.flat())]).toStrictEqual(WANTED);
    expect(
      batches.every((batch) => batch.every((item, index) => Number(item) >= Number(batch[index - 1] ?? -1))),
    ).toBe(true);
  });

  it('keeps the order of each item, and of nothing else, while its shards split', async () => {
    const cloud = aCloud({ streamSplits: 0.2, streamShards: 2 });
    const handled: number[] = [];
    const mapping = new SimulatedStreamMapping(cloud, {
      name: 'test',
      accepts: () => true,
      isRepaired: false,
      handle: async (records) => {
        handled.push(...records.map((record) => Number(sequenceOf(record))));
        return undefined;
      },
    });
    const placeOf = (sequence: number): number => (sequence % 7) * 1_000_003;
    for (let sequence = 0; sequence < 70; sequence += 1) {
      const append = (): void => mapping.append(aRecord(sequence), placeOf(sequence));
      cloud.scheduler.after(sequence * 300 * MILLISECOND, append);
    }
    await cloud.scheduler.untilRest();
    const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
    expect(ascending(handled)).toStrictEqual(Array.from({ length: 70 }, (_, sequence) => sequence));
    expect(handled).not.toStrictEqual(ascending(handled));
    for (let item = 0; item < 7; item += 1) {
      const ofItem = handled.filter((sequence) => sequence % 7 === item);
      expect(ofItem).toStrictEqual(ascending(ofItem));
    }
  });

  it('hands a batch to two invocations at once when two pollers have its shard', async () => {
    const batches = await batchesOf({ streamOverlaps: 1 });
    expect([...new Set(batches.flat())].sort()).toStrictEqual([...WANTED].sort());
    expect(batches.flat().length).toBeGreaterThanOrEqual(2 * WANTED.length);
  });

  it('gives up what fails for twenty hours, and tells whoever is to know', async () => {
    const cloud = aCloud();
    const noticed: string[] = [];
    let attempts = 0;
    const mapping = new SimulatedStreamMapping(cloud, {
      name: 'test',
      accepts: () => true,
      isRepaired: false,
      noticed: (records) => noticed.push(...records.map(sequenceOf)),
      handle: async (records) => {
        attempts += 1;
        return sequenceOf(records[0] as StreamRecord);
      },
    });
    mapping.append(aRecord(0), 0);
    await cloud.scheduler.untilRest();
    expect([noticed, cloud.chaos.counts.streamFailures]).toStrictEqual([['0'], 1]);
    expect(cloud.scheduler.now).toBeGreaterThan(20 * 3_600 * SECOND);
    expect(cloud.scheduler.now).toBeLessThan(21 * 3_600 * SECOND);
    expect(attempts).toBeGreaterThan(100);
  });

  it('forgets what nobody took for a day, which an operator then publishes again', async () => {
    let trimmed = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const cloud = aCloud({ streamStalls: 1 }, `stall ${seed}`);
      let attempts = 0;
      const mapping = new SimulatedStreamMapping(cloud, {
        name: 'test',
        accepts: () => true,
        isRepaired: false,
        handle: async () => {
          attempts += 1;
          // Then the poller stalls, in some worlds until the record is a day old.
          await cloud.scheduler.sleep(attempts === 1 ? 19 * 3_600 * SECOND : 0);
          return attempts === 1 ? '0' : undefined;
        },
      });
      mapping.append(aRecord(0), 0);
      await cloud.scheduler.untilRest();
      expect(attempts).toBe(2);
      trimmed += cloud.chaos.counts.streamTrimmed ?? 0;
    }
    expect(trimmed).toBeGreaterThan(0);
  });

  it('gives up what fails too often, and an operator takes it up again', async () => {
    const batches = await batchesOf({ streamAttempts: 1 });
    expect(
      [...new Set(batches.flat())]
        .map(Number)
        .sort((a, b) => a - b)
        .map(String),
    ).toStrictEqual(WANTED);
  });
});
