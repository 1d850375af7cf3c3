/** How sweeps are cut, continued, skipped and repeated (SMP 2.1, sections 5 to 7, depend on their seeing all items). */

import { describe, expect, it } from 'vitest';
import {
  continueSweep,
  type SweepTask,
  type SweepWork,
  segmentCount,
  startSweep,
} from '../../lib/shell/sweep.ts';
import type { SweepPace } from '../../lib/shell/sweep-pace.ts';
import { CorruptItemError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import type { Page } from '../../lib/storage/table-scan.ts';
import { NOW } from '../support/builders.ts';
import { anInvocation } from '../support/invocations.ts';
import { type LogLine, TestSurroundings, TestTelemetry } from '../support/shell-surroundings.ts';

/** A table of numbers, in pages of two; the even ones have something due, until it is done. */
class NumberWork implements SweepWork<number> {
  readonly name = 'numbers';
  /** In the order in which they were read, once for each time. */
  readonly seen: number[] = [];
  readonly done: number[] = [];
  readonly failures: Error[] = [];
  /** How many slices can't be written, since the table does not answer. */
  unanswered = 0;
  isAllDue = false;
  readonly corrupt: CorruptItemError[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  readonly countItems = async (): Promise<number> => this.#size;

  readonly readPage: SweepWork<number>['readPage'] = async ({ segment, totalSegments }, from = '0') => {
    const failure = this.failures.shift();
    if (failure !== undefined) {
      throw failure;
    }
    const own = Array.from({ length: this.#size }, (_, number) => number).filter(
      (number) => number % totalSegments === segment,
    );
    const start = Number(from);
    const isLast = start + 2 >= own.length;
    const items = own.slice(start, start + 2);
    const page: Page<number> = {
      items,
      corrupt: this.corrupt.splice(0),
      readCount: items.length,
      next: isLast ? undefined : String(start + 2),
    };
    return page;
  };

  /** How many pages can be done before one that can't. */
  pagesLeft = Number.POSITIVE_INFINITY;

  readonly handlePage = async (items: readonly number[], pace: SweepPace): Promise<void> => {
    if (this.pagesLeft === 0) {
      pace.postpone();
      return;
    }
    this.pagesLeft -= 1;
    this.seen.push(...items);
    const due = items.filter((item) => (this.isAllDue || item % 2 === 0) && !this.done.includes(item));
    const { telemetry } = pace.watch(anInvocation());
    await pace.run(due, async (slice) => {
      if (this.unanswered > 0) {
        this.unanswered -= 1;
        telemetry.count('Unavailable');
      } else {
        this.done.push(...slice);
      }
    });
  };
}

class TestQueue {
  tasks: SweepTask[] = [];
  /** Tasks that somebody is working on. */
  inFlight = 0;
  readonly delays: number[] = [];
  readonly send = async (tasks: readonly SweepTask[], delaySeconds = 0): Promise<void> => {
    this.tasks.push(...tasks);
    this.delays.push(delaySeconds);
  };
  readonly countTasks = async (): Promise<number> => this.tasks.length + this.inFlight;
}

function someTools(hasTime = true) {
  const [queue, surroundings, telemetry] = [new TestQueue(), new TestSurroundings(), new TestTelemetry()];
  return { ...anInvocation(), queue, surroundings, telemetry, hasTime: () => hasTime, writesPerSecond: 500 };
}

const FIRST_TASK: SweepTask = {
  segment: 0,
  totalSegments: 1,
  cursor: undefined,
  startedAt: '1800000000000000',
  itemCount: 0,
  dueCount: 0,
  continuationCount: 0,
  waitCount: 0,
};

function aWarningOfWait(details: LogLine['details']): LogLine {
  return { level: 'warn', message: 'A sweep over numbers waits.', details };
}

describe('the beginning of a sweep', () => {
  it('is told with its number of segments', async () => {
    const tools = someTools();
    await startSweep(new NumberWork(50_001), tools);
    expect(tools.telemetry.log).toStrictEqual([
      { level: 'info', message: 'A sweep over numbers begins.', details: { totalSegments: 2 } },
    ]);
  });
});

describe('the number of segments', () => {
  it.each([
    [0, 1],
    [1, 1],
    [50_000, 1],
    [50_001, 2],
    [1_000_000, 20],
    [49_999_999, 1000],
    [50_000_001, 1000],
    [10_000_000_000, 1000],
  ])('for a table of %i items is %i', (itemCount, segments) => {
    expect(segmentCount(itemCount)).toBe(segments);
  });
});

describe('the start of a sweep', () => {
  it('sends a task for each segment', async () => {
    const tools = someTools();
    await startSweep(new NumberWork(100_001), tools);
    expect(tools.queue.tasks).toStrictEqual([
      { ...FIRST_TASK, segment: 0, totalSegments: 3 },
      { ...FIRST_TASK, segment: 1, totalSegments: 3 },
      { ...FIRST_TASK, segment: 2, totalSegments: 3 },
    ]);
    expect(tools.telemetry.counts).toStrictEqual({ 'Sweep.numbers.started': 1 });
  });

  it.each([
    ['wait', 1, 0],
    ['are being worked on', 0, 1],
  ])(
    'is left out while tasks of the last one %s, so that tasks never pile up',
    async (_, waiting, inFlight) => {
      const tools = someTools();
      tools.queue.tasks = Array.from({ length: waiting }, () => FIRST_TASK);
      tools.queue.inFlight = inFlight;
      await startSweep(new NumberWork(10), tools);
      expect(tools.queue.tasks).toHaveLength(waiting);
      expect(tools.telemetry.counts).toStrictEqual({ 'Sweep.numbers.skipped': 1 });
      expect(tools.telemetry.log).toStrictEqual([
        {
          level: 'warn',
          message: 'A sweep over numbers does not begin: the last one is still under way.',
          details: { taskCount: 1 },
        },
      ]);
    },
  );

  it('throws when tasks can not be sent, so that the schedule tries again', async () => {
    const tools = someTools();
    const send = () => Promise.reject(new Error('no queue'));
    const failing = { ...tools, queue: { send, countTasks: async () => 0 } };
    await expect(startSweep(new NumberWork(1), failing)).rejects.toThrow('no queue');
  });
});

describe('a segment', () => {
  it('is continued a thousand times, and is refused when it has not ended by then', async () => {
    const tools = someTools();
    const work = new NumberWork(5);
    await continueSweep({ ...FIRST_TASK, continuationCount: 1_000 }, work, {
      ...tools,
      hasTime: () => false,
    });
    const [task = FIRST_TASK] = tools.queue.tasks.splice(0);
    await expect(continueSweep(task, work, { ...tools, hasTime: () => false })).rejects.toThrow(
      'Segment 0 of a sweep over numbers was continued 1000 times and has not ended.',
    );
    expect([work.seen, tools.queue.tasks]).toStrictEqual([[0, 1], []]);
  });

  it('is read to its end, page by page, as long as there is time', async () => {
    const tools = someTools();
    const work = new NumberWork(5);
    tools.surroundings.time = NOW + 90_000_000n;
    await continueSweep(FIRST_TASK, work, tools);
    expect(work.seen).toStrictEqual([0, 1, 2, 3, 4]);
    expect(tools.queue.tasks).toStrictEqual([]);
    expect(tools.telemetry.counts).toStrictEqual({
      'Sweep.numbers.items': 5,
      'Sweep.numbers.due': 3,
      'Sweep.numbers.segments': 1,
      'Sweep.numbers.seconds': 90,
    });
    expect(tools.telemetry.log).toStrictEqual([
      {
        level: 'info',
        message: 'A segment of a sweep over numbers is done.',
        details: { segment: 0, totalSegments: 1, itemCount: 5, dueCount: 3, secondsSinceStart: 90 },
      },
    ]);
  });

  it('goes on through the queue when time is up, after at least one page', async () => {
    const tools = someTools(false);
    const work = new NumberWork(5);
    await continueSweep(FIRST_TASK, work, tools);
    expect(work.seen).toStrictEqual([0, 1]);
    expect(tools.queue.tasks).toStrictEqual([
      { ...FIRST_TASK, cursor: '2', itemCount: 2, dueCount: 1, continuationCount: 1 },
    ]);
    expect(tools.queue.delays).toStrictEqual([0]);
    expect(tools.telemetry.counts).toStrictEqual({ 'Sweep.numbers.items': 2, 'Sweep.numbers.due': 1 });
  });

  it('waits however long before a page that is postponed, and goes on from it', async () => {
    const tools = someTools();
    const work = new NumberWork(6);
    work.pagesLeft = 1;
    expect(await continueSweep(FIRST_TASK, work, tools)).toBe(true);
    const rest = {
      ...FIRST_TASK,
      cursor: '2',
      itemCount: 2,
      dueCount: 1,
      continuationCount: 1,
      waitCount: 1,
    };
    expect([work.done, tools.queue.tasks, tools.queue.delays]).toStrictEqual([[0], [rest], [12]]);
    // Its own message stays in the queue, instead of a new one each time.
    expect(await continueSweep(rest, work, tools)).toBe(false);
    expect(tools.queue.tasks).toStrictEqual([rest]);
    expect(tools.telemetry.counts['Sweep.numbers.postponed']).toBe(1);
    work.pagesLeft = 9;
    expect(await continueSweep(rest, work, tools)).toBe(true);
    expect(work.done).toStrictEqual([0, 2, 4]);
  });

  it('goes on with the same page where time was up within it', async () => {
    const tools = someTools(false);
    const work = new NumberWork(4);
    work.isAllDue = true;
    const slowly = { ...tools, writesPerSecond: 1 };
    await continueSweep(FIRST_TASK, work, slowly);
    expect(work.done).toStrictEqual([0]);
    const [first = FIRST_TASK] = tools.queue.tasks.splice(0);
    expect(first).toStrictEqual({ ...FIRST_TASK, dueCount: 1, continuationCount: 1 });
    await continueSweep(first, work, slowly);
    expect([work.seen, work.done]).toStrictEqual([
      [0, 1, 0, 1],
      [0, 1],
    ]);
    expect(tools.queue.tasks).toStrictEqual([
      { ...FIRST_TASK, cursor: '2', itemCount: 2, dueCount: 2, continuationCount: 2 },
    ]);
  });

  it('waits for a table that does not answer writes, and does what was left', async () => {
    const tools = someTools();
    const work = new NumberWork(3);
    work.unanswered = 2;
    await continueSweep(FIRST_TASK, work, tools);
    const [first = FIRST_TASK] = tools.queue.tasks.splice(0);
    await continueSweep(first, work, tools);
    const [second = FIRST_TASK] = tools.queue.tasks.splice(0);
    expect(second).toStrictEqual({ ...FIRST_TASK, dueCount: 2, continuationCount: 2, waitCount: 2 });
    await continueSweep(second, work, tools);
    expect(work.done).toStrictEqual([0, 2]);
    expect(tools.queue.tasks).toStrictEqual([]);
    // Between half of 16 and 16 seconds, then of 32.
    expect(tools.queue.delays).toStrictEqual([12, 24]);
    expect(tools.telemetry.counts['Sweep.numbers.waits']).toBe(2);
    expect(tools.telemetry.log.slice(0, 2)).toStrictEqual(
      [12, 24].map((seconds) => aWarningOfWait({ reason: 'table unavailable', segment: 0, seconds })),
    );
  });

  it('goes on after six waits for a page, since one busy item must not hold up all others', async () => {
    const tools = someTools();
    const work = new NumberWork(5);
    work.unanswered = 100;
    tools.queue.tasks = [FIRST_TASK];
    for (let task = tools.queue.tasks.shift(); task !== undefined; task = tools.queue.tasks.shift()) {
      await continueSweep(task, work, tools);
    }
    expect(tools.queue.delays).toHaveLength(6);
    expect(work.seen.slice(-5)).toStrictEqual([0, 1, 2, 3, 4]);
    expect(tools.telemetry.counts['Sweep.numbers.segments']).toBe(1);
  });

  it('is read once and wholly however it is cut into invocations', async () => {
    const tools = someTools(false);
    const work = new NumberWork(7);
    tools.queue.tasks = [0, 1, 2].map((segment) => ({ ...FIRST_TASK, segment, totalSegments: 3 }));
    for (let task = tools.queue.tasks.shift(); task !== undefined; task = tools.queue.tasks.shift()) {
      await continueSweep(task, work, tools);
    }
    expect(work.seen.toSorted()).toStrictEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(work.done.toSorted()).toStrictEqual([0, 2, 4, 6]);
    expect(tools.telemetry.counts['Sweep.numbers.segments']).toBe(3);
  });

  it('without items ends at once', async () => {
    const tools = someTools();
    await continueSweep(FIRST_TASK, new NumberWork(0), tools);
    expect(tools.queue.tasks).toStrictEqual([]);
    expect(tools.telemetry.counts).toStrictEqual({ 'Sweep.numbers.segments': 1 });
  });

  it('is read on past items that can not be read, which are reported', async () => {
    const tools = someTools();
    const work = new NumberWork(4);
    const error = new CorruptItemError('Item 1 is broken');
    work.corrupt.push(error);
    await continueSweep(FIRST_TASK, work, tools);
    expect(work.seen).toStrictEqual([0, 1, 2, 3]);
    expect(tools.telemetry.counts['Sweep.numbers.corrupt']).toBe(1);
    expect(tools.telemetry.log[0]).toStrictEqual({
      level: 'warn',
      message: 'A sweep found an item that can not be read.',
      details: { error },
    });
  });

  it('is read again, with back-off, when the table is too busy', async () => {
    const tools = someTools();
    const work = new NumberWork(2);
    work.failures.push(new StoreUnavailableError('busy'), new StoreUnavailableError('busy'));
    await continueSweep(FIRST_TASK, work, tools);
    expect(work.seen).toStrictEqual([0, 1]);
    expect(tools.surroundings.pauses).toStrictEqual([12.5, 25]);
    expect(tools.telemetry.counts).toMatchObject({ Unavailable: 2, Retries: 2 });
  });

  it('waits for a table that stays busy, twice as long each time, up to a quarter of an hour, for a day', async () => {
    const tools = someTools();
    const work = new NumberWork(2);
    let task = FIRST_TASK;
    for (let wait = 1; wait <= 150; wait += 1) {
      work.failures.push(...Array.from({ length: 8 }, () => new StoreUnavailableError('busy')));
      await continueSweep(task, work, tools);
      [task = FIRST_TASK] = tools.queue.tasks.splice(0);
    }
    expect(work.seen).toStrictEqual([]);
    expect(task).toStrictEqual({ ...FIRST_TASK, continuationCount: 150, waitCount: 150 });
    expect(tools.queue.delays.slice(0, 8)).toStrictEqual([12, 24, 48, 96, 192, 384, 675, 675]);
    expect(tools.telemetry.log[0]).toStrictEqual(
      aWarningOfWait({ reason: 'table unavailable', segment: 0, seconds: 12 }),
    );
    expect(tools.queue.delays.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThan(86_400);
    await continueSweep(task, work, tools);
    expect(work.done).toStrictEqual([0]);
  });

  it('throws when it fails for another reason, so that its task comes again', async () => {
    const tools = someTools();
    const work = new NumberWork(2);
    work.failures.push(new TypeError('a defect'));
    await expect(continueSweep(FIRST_TASK, work, tools)).rejects.toThrow('a defect');
    expect(tools.queue.tasks).toStrictEqual([]);
  });
});
