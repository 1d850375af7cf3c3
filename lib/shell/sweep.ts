/**
 * How a sweep runs: a table is divided into segments, each is read page by page, and an invocation that runs out of time sends
 * on where to continue. `sweep-accounts.ts` and `sweep-transfers.ts` say what is done with a page. To sweep a segment twice,
 * late, or side by side does no harm, since every write is conditional on what was read.
 */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import type { Cursor, Page, Segment } from '../storage/table-scan.ts';
import type { Invocation } from './invocation.ts';
import { withRetries } from './retry.ts';
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
export type SweepInvocation = Invocation & { readonly queue: SweepQueue };

/** What a sweep does with one kind of item. */
export interface SweepWork<T> {
  /** For metrics and the log, e.g. `accounts`. */
  readonly name: string;
  readonly countItems: () => Promise<number>;
  readonly readPage: (segment: Segment, from: Cursor | undefined) => Promise<Page<T>>;
  /**
   * @returns for how many of the items something was due; `later` when the page could not be done now, for a reason that may
   * last, so that the sweep waits a while and goes on from this page
   */
  readonly handlePage: (items: readonly T[]) => Promise<number | 'later'>;
}

/** A segment of so many items takes a minute or a few. Smaller segments would be mostly overhead, larger ones take hours. */
const ITEMS_IN_SEGMENT = 50_000;
const MAX_SEGMENTS = 1_000;
/**
 * Lambda's own detection of loops is off for sweeps, since it ends a chain of 16 invocations. At 45 seconds each, this many
 * take half a day; so a segment that comes so far does not end for another reason than its size.
 */
const MAX_CONTINUATIONS = 1_000;
/** How long a sweep waits before a page that could not be done. SQS's longest delay. */
const LATER_SECONDS = 900;

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
  }));
}

/** Larger tables have more segments, so that a sweep takes about as long whatever the table's size. */
export function segmentCount(itemCount: number): number {
  return Math.min(MAX_SEGMENTS, Math.max(1, Math.ceil(itemCount / ITEMS_IN_SEGMENT)));
}

/**
 * Goes on with a segment, page by page, until it ends or time runs out; then sends on what is left of it. When this throws,
 * the task comes again, and its pages are handled again.
 * @throws {Error} at once for a task that was sent on too often, which so ends in the dead-letter queue
 */
export async function continueSweep<T>(
  task: SweepTask,
  work: SweepWork<T>,
  invocation: SweepInvocation,
): Promise<void> {
  const { queue, surroundings, telemetry, hasTime } = invocation;
  if (task.continuationCount > MAX_CONTINUATIONS) {
    throw new Error(
      `Segment ${task.segment} of a sweep over ${work.name} was continued ${MAX_CONTINUATIONS} times and has not ended.`,
    );
  }
  let { cursor, itemCount, dueCount } = task;
  do {
    const from = cursor;
    const page = await withRetries(() => work.readPage(task, from), invocation);
    reportCorrupt(page, work.name, telemetry);
    const due = await work.handlePage(page.items);
    if (due === 'later') {
      telemetry.count(`Sweep.${work.name}.postponed`);
      // Waiting is no progress that could go round in a circle, so it is not counted.
      await queue.send([{ ...task, cursor: from, itemCount, dueCount }], LATER_SECONDS);
      return;
    }
    telemetry.count(`Sweep.${work.name}.items`, page.readCount);
    telemetry.count(`Sweep.${work.name}.due`, due);
    itemCount += page.readCount;
    dueCount += due;
    cursor = page.next;
  } while (cursor !== undefined && hasTime());
  const rest = { ...task, cursor, itemCount, dueCount, continuationCount: task.continuationCount + 1 };
  if (cursor === undefined) {
    const secondsSinceStart = secondsBetween(BigInt(rest.startedAt), surroundings.now());
    reportEnd(rest, { name: work.name, secondsSinceStart }, telemetry);
  } else {
    await queue.send([rest]);
  }
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
