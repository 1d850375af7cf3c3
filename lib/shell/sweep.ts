/**
 * How a sweep runs: a table is divided into segments, each is read page by page, and an invocation that runs out of time sends
 * on where to continue. `sweep-accounts.ts` and `sweep-transfers.ts` say what is done with a page. To sweep a segment twice,
 * late, or side by side does no harm, since every write is conditional on what was read.
 */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { StoreUnavailableError } from '../storage/errors.ts';
import type { Cursor, Page, Segment } from '../storage/table-scan.ts';
import type { Invocation } from './invocation.ts';
import { withRetries } from './retry.ts';
import { returnDelaySeconds } from './return-delay.ts';
import { type Stop, SweepPace } from './sweep-pace.ts';
import type { Telemetry } from './telemetry.ts';

/** The rest of one segment of a sweep. */
export interface SweepTask extends Segment {
  /** `undefined` at the segment's beginning. */
  readonly cursor: Cursor | undefined;
  /** When the whole sweep began, in microseconds since 1970, in decimal. */
  readonly startedAt: string;
  /** Items read in this segment so far. */
  readonly itemCount: number;
  /** For how many of them something was due. */
  readonly dueCount: number;
  /** How often the segment was sent on so far. */
  readonly continuationCount: number;
  /** How often in a row it was sent on because a table did not answer. */
  readonly waitCount: number;
}

export interface SweepQueue {
  /**
   * @param delaySeconds for how long nobody gets the tasks; at most 900
   * @throws when not all tasks could be sent
   */
  readonly send: (tasks: readonly SweepTask[], delaySeconds?: number) => Promise<void>;
  /** About how many tasks wait or are under way. */
  readonly countTasks: () => Promise<number>;
}

/** An invocation that goes on with a sweep. */
export type SweepInvocation = Invocation & {
  readonly queue: SweepQueue;
  /** How many items the whole sweep may change in a second. */
  readonly writesPerSecond: number;
};

/** What a sweep does with one kind of item. */
export interface SweepWork<T> {
  /** For metrics and the log, e.g. `accounts`. */
  readonly name: string;
  readonly countItems: () => Promise<number>;
  readonly readPage: (segment: Segment, from: Cursor | undefined) => Promise<Page<T>>;
  /**
   * Does what is due. By `pace.run`, which may leave some of it, where an item shows whether it is still due; otherwise all of the
   * page at once. `pace.postpone` when it can't be done for now.
   */
  readonly handlePage: (items: readonly T[], pace: SweepPace) => Promise<void>;
}

/** A segment of so many items takes a minute or a few. Smaller segments would be mostly overhead, larger ones take hours. */
const ITEMS_IN_SEGMENT = 50_000;
const MAX_SEGMENTS = 1_000;
/**
 * Lambda's own detection of loops is off for sweeps, since it ends a chain of 16 invocations. At 45 seconds each, this many
 * take half a day; so a segment that comes so far does not end for another reason than its size.
 */
const MAX_CONTINUATIONS = 1_000;
/**
 * A page can be waited for as long as that. Items of a page that can be read are left to the next sweep after so many waits, of 8
 * minutes or more together, since a single busy account must not hold up the sweep.
 */
const MAX_WAITS_FOR_ITEMS = 6;

/**
 * Begins a sweep with one task for each segment, unless the last sweep is still under way: where sweeps take longer than the
 * period of their schedule, tasks would pile up without end.
 */
export async function startSweep<T>(
  work: SweepWork<T>,
  { queue, surroundings, telemetry }: SweepInvocation,
): Promise<void> {
  const taskCount = await queue.countTasks();
  if (taskCount > 0) {
    telemetry.count(`Sweep.${work.name}.skipped`);
    telemetry.warn(`A sweep over ${work.name} does not begin: the last one is still under way.`, {
      taskCount,
    });
    return;
  }
  const tasks = firstTasks(await work.countItems(), surroundings.now());
  await queue.send(tasks);
  telemetry.count(`Sweep.${work.name}.started`);
  telemetry.info(`A sweep over ${work.name} begins.`, { totalSegments: tasks.length });
}

/** The tasks of a whole table with about so many items. */
export function firstTasks(itemCount: number, startedAt: Timestamp): readonly SweepTask[] {
  const totalSegments = segmentCount(itemCount);
  return Array.from({ length: totalSegments }, (_, segment) => ({
    segment,
    totalSegments,
    cursor: undefined,
    startedAt: startedAt.toString(),
    itemCount: 0,
    dueCount: 0,
    continuationCount: 0,
    waitCount: 0,
  }));
}

/** Larger tables have more segments, so that a sweep takes about as long whatever the table's size. */
export function segmentCount(itemCount: number): number {
  return Math.min(MAX_SEGMENTS, Math.max(1, Math.ceil(itemCount / ITEMS_IN_SEGMENT)));
}

/**
 * Goes on with a segment, page by page, until it ends, or has to stop: then sends on what is left of it. A page that is left
 * before its end is read again. When this throws, the task comes again, and its pages are handled again.
 * @returns whether the task is done. Otherwise its very first page is postponed, so the task itself has to come again: a rest
 *   that is sent on each time would be doubled by each delivery of a copy, as long as an outage lasts
 * @throws {Error} at once for a task that was sent on too often, which so ends in the dead-letter queue
 */
export async function continueSweep<T>(
  task: SweepTask,
  work: SweepWork<T>,
  invocation: SweepInvocation,
): Promise<boolean> {
  if (task.continuationCount > MAX_CONTINUATIONS) {
    throw new Error(
      `Segment ${task.segment} of a sweep over ${work.name} was continued ${MAX_CONTINUATIONS} times and has not ended.`,
    );
  }
  const { writesPerSecond, hasTime } = invocation;
  const { totalSegments, waitCount } = task;
  const waitsForTables = waitCount < MAX_WAITS_FOR_ITEMS;
  const pace = new SweepPace(invocation, { writesPerSecond, totalSegments, waitsForTables });
  let progress = task;
  let stop: Stop | undefined;
  do {
    ({ progress, stop } = await tryPage(progress, pace, { work, invocation }));
  } while (stop === undefined && progress.cursor !== undefined && hasTime());
  if (stop === undefined && progress.cursor === undefined) {
    const secondsSinceStart = secondsBetween(BigInt(task.startedAt), invocation.surroundings.now());
    reportEnd(progress, { name: work.name, secondsSinceStart }, invocation.telemetry);
    return true;
  }
  if (stop === 'postponed' && progress.cursor === task.cursor) {
    invocation.telemetry.count(`Sweep.${work.name}.postponed`);
    return false;
  }
  await sendOn(progress, { stop, name: work.name }, invocation);
  return true;
}

interface PageTools<T> {
  readonly work: SweepWork<T>;
  readonly invocation: SweepInvocation;
}

/** @returns where the segment goes on; where the page was left before its end, at its beginning */
async function tryPage<T>(
  progress: SweepTask,
  pace: SweepPace,
  { work, invocation }: PageTools<T>,
): Promise<{ readonly progress: SweepTask; readonly stop: Stop | undefined }> {
  const { telemetry } = invocation;
  const changedBefore = pace.changedCount;
  const from = progress.cursor;
  try {
    const page = await withRetries(() => work.readPage(progress, from), invocation);
    reportCorrupt(page, work.name, telemetry);
    await work.handlePage(page.items, pace);
    const changed = pace.changedCount - changedBefore;
    telemetry.count(`Sweep.${work.name}.due`, changed);
    const dueCount = progress.dueCount + changed;
    if (pace.stop !== undefined) {
      return { progress: { ...progress, dueCount }, stop: pace.stop };
    }
    telemetry.count(`Sweep.${work.name}.items`, page.readCount);
    const itemCount = progress.itemCount + page.readCount;
    return { progress: { ...progress, cursor: page.next, itemCount, dueCount }, stop: undefined };
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) {
      throw error;
    }
    return { progress, stop: 'table unavailable' };
  }
}

interface Leaving {
  readonly stop: Stop | undefined;
  readonly name: string;
}

/** The first wait is of 8 to 16 seconds; the next ones double, up to a quarter of an hour. */
const FIRST_WAIT = 4;

async function sendOn(
  progress: SweepTask,
  { stop, name }: Leaving,
  { queue, surroundings, telemetry }: SweepInvocation,
): Promise<void> {
  const isWaiting = stop !== undefined && stop !== 'no time';
  const seconds = isWaiting ? returnDelaySeconds(FIRST_WAIT + progress.waitCount, surroundings.random()) : 0;
  if (isWaiting) {
    telemetry.count(`Sweep.${name}.waits`);
    telemetry.warn(`A sweep over ${name} waits.`, { reason: stop, segment: progress.segment, seconds });
  }
  const rest = {
    ...progress,
    continuationCount: progress.continuationCount + 1,
    waitCount: isWaiting ? progress.waitCount + 1 : 0,
  };
  await queue.send([rest], seconds);
}

function reportCorrupt({ corrupt }: Page<unknown>, name: string, telemetry: Telemetry): void {
  for (const error of corrupt) {
    telemetry.count(`Sweep.${name}.corrupt`);
    telemetry.warn('A sweep found an item that can not be read.', { error });
  }
}

/** A sweep took as long as the longest of its segments' seconds. */
function reportEnd(
  { segment, totalSegments, itemCount, dueCount }: SweepTask,
  { name, secondsSinceStart }: { readonly name: string; readonly secondsSinceStart: number },
  telemetry: Telemetry,
): void {
  telemetry.count(`Sweep.${name}.segments`);
  telemetry.count(`Sweep.${name}.seconds`, secondsSinceStart);
  telemetry.info(`A segment of a sweep over ${name} is done.`, {
    segment,
    totalSegments,
    itemCount,
    dueCount,
    secondsSinceStart,
  });
}
