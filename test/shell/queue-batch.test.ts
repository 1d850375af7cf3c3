/** How an event of messages is handled: what is taken with it, deleted, delayed, and left to Lambda. */

import { describe, expect, it } from 'vitest';
import { handleQueueBatch } from '../../lib/shell/queue-batch.ts';
import type { DelayedDelivery, QueueDelivery, SourceQueue } from '../../lib/shell/source-queue.ts';
import { ENOUGH_TIME, TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

function aMessage(messageId: string, receiveCount = 1): QueueDelivery {
  return { messageId, body: `body of ${messageId}`, receiptHandle: `handle of ${messageId}`, receiveCount };
}

function messages(prefix: string, count: number, receiveCount = 1): QueueDelivery[] {
  return Array.from({ length: count }, (_, index) => aMessage(`${prefix}${index}`, receiveCount));
}

class World implements SourceQueue {
  /** What the queue holds besides the event, in the order in which it is taken. */
  readonly held: QueueDelivery[] = [];
  readonly hidden: number[] = [];
  readonly deleted: string[] = [];
  readonly delays: (readonly [string, number])[] = [];
  /** What the function was given, each time. */
  readonly batches: string[][] = [];
  readonly telemetry = new TestTelemetry();
  /** The names of what was counted, also where it was none. */
  readonly counted: string[] = [];
  remainingMs = 40_000;
  /** The IDs that come again. */
  returned: readonly string[] = [];
  failsAt = Number.POSITIVE_INFINITY;
  undeletedCount = 0;

  readonly receive = async (hiddenSeconds: number): Promise<readonly QueueDelivery[]> => {
    this.hidden.push(hiddenSeconds);
    if (this.hidden.length === this.failsAt) {
      throw new Error('no queue');
    }
    return this.held.splice(0, 10);
  };

  readonly delete = async (deliveries: readonly QueueDelivery[]): Promise<number> => {
    this.deleted.push(...deliveries.map(({ messageId }) => messageId));
    return this.undeletedCount;
  };

  readonly delay = async (delayed: readonly DelayedDelivery[]): Promise<void> => {
    this.delays.push(...delayed.map(({ delivery, seconds }) => [delivery.messageId, seconds] as const));
  };

  readonly count = (name: string, amount?: number): void => {
    this.counted.push(name);
    this.telemetry.count(name, amount);
  };

  handle(event: readonly QueueDelivery[], { fullEvent = 10, hasTime = ENOUGH_TIME } = {}) {
    return handleQueueBatch(
      event,
      async (deliveries) => {
        const ids = deliveries.map(({ messageId }) => messageId);
        this.batches.push(ids);
        if (ids.includes('defect')) {
          throw new TypeError('a defect');
        }
        return ids.filter((id) => this.returned.includes(id));
      },
      {
        queue: this,
        fullEvent,
        remainingMs: () => this.remainingMs,
        surroundings: new TestSurroundings(),
        telemetry: { ...this.telemetry, count: this.count },
        hasTime,
      },
    );
  }
}

describe('An event that is not full', () => {
  it('is handled as it is, at once, without a call to the queue', async () => {
    const world = new World();
    world.held.push(...messages('m', 5));
    expect(await world.handle(messages('e', 9))).toStrictEqual([]);
    expect(world.batches).toStrictEqual([messages('e', 9).map(({ messageId }) => messageId)]);
    expect([world.hidden, world.deleted, world.delays]).toStrictEqual([[], [], []]);
  });

  it('makes no metric of what there is none of, since a zero costs as much as any number', async () => {
    const world = new World();
    await world.handle(messages('e', 9));
    expect(world.counted).toStrictEqual([]);
  });

  it('leaves what comes again to Lambda, after a delay of its own', async () => {
    const world = new World();
    world.returned = ['e0', 'e2'];
    expect(await world.handle([aMessage('e0'), aMessage('e1'), aMessage('e2', 10)])).toStrictEqual([
      'e0',
      'e2',
    ]);
    expect(world.delays).toStrictEqual([
      ['e0', 2],
      ['e2', 675],
    ]);
    expect(world.deleted).toStrictEqual([]);
  });
});

describe('An event that is full', () => {
  it('takes what the queue holds along, and deletes it once it is done', async () => {
    const world = new World();
    world.held.push(...messages('m', 33));
    expect(await world.handle(messages('e', 10))).toStrictEqual([]);
    expect(world.batches).toStrictEqual([
      [...messages('e', 10), ...messages('m', 33)].map(({ messageId }) => messageId),
    ]);
    expect(world.deleted).toStrictEqual(messages('m', 33).map(({ messageId }) => messageId));
    // Two receives, then four, which bring less than half of what they asked for.
    expect(world.hidden).toStrictEqual(Array(6).fill(50));
    expect(world.telemetry.counts).toStrictEqual({ 'Messages.taken': 33 });
  });

  it('takes along what was received five times, and goes on', async () => {
    const world = new World();
    world.held.push(...messages('m', 33, 5));
    await world.handle(messages('e', 10));
    expect(world.batches.map(({ length }) => length)).toStrictEqual([43]);
    expect(world.hidden).toHaveLength(6);
  });

  it('takes no more than 16 MB', async () => {
    const world = new World();
    const large = { body: 'ж'.repeat(125_000) };
    world.held.push(...messages('m', 100).map((message) => ({ ...message, ...large })));
    await world.handle(messages('e', 10).map((message) => ({ ...message, ...large })));
    // Ten have 2.5 MB: two receives, then three, and for another there is no room.
    expect(world.batches.map(({ length }) => length)).toStrictEqual([60]);
    expect(world.hidden).toHaveLength(5);
  });

  it('takes five thousand at the most', async () => {
    const world = new World();
    world.held.push(...messages('m', 6_000));
    await world.handle(messages('e', 10));
    expect(world.batches.map(({ length }) => length)).toStrictEqual([5_000]);
    expect(world.hidden).toHaveLength(499);
  });

  it('does not delete what is to come again, but delays it', async () => {
    const world = new World();
    world.held.push(...messages('m', 3));
    world.returned = ['e1', 'm1'];
    expect(await world.handle(messages('e', 10))).toStrictEqual(['e1']);
    expect(world.deleted).toStrictEqual(['m0', 'm2']);
    expect(world.delays).toStrictEqual([
      ['e1', 2],
      ['m1', 2],
    ]);
  });

  it('keeps both copies of a message that came twice when either comes again', async () => {
    const world = new World();
    world.held.push(aMessage('e1', 2), aMessage('m1'));
    world.returned = ['e1'];
    expect(await world.handle(messages('e', 10))).toStrictEqual(['e1']);
    expect(world.deleted).toStrictEqual(['m1']);
  });

  it('deletes nothing when the function throws', async () => {
    const world = new World();
    world.held.push(...messages('m', 3));
    const handling = handleQueueBatch(messages('e', 10), () => Promise.reject(new Error('a defect')), {
      queue: world,
      fullEvent: 10,
      remainingMs: () => 40_000,
      surroundings: new TestSurroundings(),
      telemetry: world.telemetry,
      hasTime: ENOUGH_TIME,
    });
    await expect(handling).rejects.toThrow('a defect');
    expect(world.deleted).toStrictEqual([]);
  });

  it('goes on with what it has when a receive fails', async () => {
    const world = new World();
    world.held.push(...messages('m', 100));
    world.failsAt = 2;
    expect(await world.handle(messages('e', 10))).toStrictEqual([]);
    expect(world.batches.map(({ length }) => length)).toStrictEqual([20]);
    expect(world.hidden).toHaveLength(2);
    expect(world.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'More messages could not be taken.',
        details: { error: new Error('no queue') },
      },
    ]);
  });

  it('tells how many could not be deleted', async () => {
    const world = new World();
    world.held.push(...messages('m', 3));
    world.undeletedCount = 2;
    await world.handle(messages('e', 10));
    expect(world.telemetry.counts).toStrictEqual({ 'Messages.taken': 3, 'Messages.taken.undeleted': 2 });
  });

  it.each<readonly [string, readonly QueueDelivery[], Parameters<World['handle']>[1]]>([
    ['one of its messages was received six times', [...messages('e', 9), aMessage('bad', 6)], {}],
    ['there is no time left', messages('e', 10), { hasTime: () => false }],
    ['its function takes no more', messages('e', 10), { fullEvent: Number.POSITIVE_INFINITY }],
  ])('takes no more when %s', async (_, event, options) => {
    const world = new World();
    world.held.push(...messages('m', 5));
    await world.handle(event, options);
    expect(world.batches.map(({ length }) => length)).toStrictEqual([10]);
    expect(world.hidden).toStrictEqual([]);
  });

  it('takes no more when a quarter of its time is over', async () => {
    const world = new World();
    world.held.push(...messages('m', 100));
    const receive = world.receive;
    const slow = async (hiddenSeconds: number) => {
      world.remainingMs = 30_000;
      return receive(hiddenSeconds);
    };
    await World.prototype.handle.call(Object.assign(world, { receive: slow }), messages('e', 10));
    expect(world.batches.map(({ length }) => length)).toStrictEqual([30]);
    expect(world.hidden).toStrictEqual([50, 40]);
  });
});

describe('A suspect message that was taken', () => {
  it('takes no other along: the others are done before it is touched, and it stays away for long', async () => {
    const world = new World();
    world.held.push(...messages('m', 9), aMessage('bad', 12), ...messages('n', 100));
    expect(await world.handle(messages('e', 10))).toStrictEqual([]);
    expect(world.batches).toStrictEqual([
      [...messages('e', 10), ...messages('m', 9), ...messages('n', 10)].map(({ messageId }) => messageId),
      ['bad'],
    ]);
    expect(world.delays).toStrictEqual([['bad', 675]]);
    expect(world.deleted.at(-1)).toBe('bad');
  });

  it('stays away at least as long as its function may run', async () => {
    const world = new World();
    world.held.push(aMessage('bad', 6));
    await world.handle(messages('e', 10));
    expect(world.delays).toStrictEqual([['bad', 50]]);
  });

  it('fails alone when the function throws', async () => {
    const world = new World();
    world.held.push(aMessage('m0'), aMessage('defect', 6));
    world.returned = ['e3'];
    expect(await world.handle(messages('e', 10))).toStrictEqual(['e3']);
    expect(world.deleted).toStrictEqual(['m0']);
    expect(world.telemetry.log).toStrictEqual([
      {
        level: 'warn',
        message: 'Messages that were received often could not be handled.',
        details: { messageIds: ['defect'], error: new TypeError('a defect') },
      },
    ]);
  });

  it('comes again when there is no time left for it', async () => {
    const world = new World();
    world.held.push(aMessage('bad', 6));
    let asked = 0;
    await world.handle(messages('e', 10), {
      hasTime: () => {
        asked += 1;
        return asked === 1;
      },
    });
    expect(world.batches.map(({ length }) => length)).toStrictEqual([10]);
    expect(world.deleted).toStrictEqual([]);
  });
});
