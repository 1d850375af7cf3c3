/**
 * How a sweep runs: a table is cut into segments, each is read page by page, and whoever runs out of time sends on where to
 * continue. What is done with a page is the business of `sweep-accounts.ts` and `sweep-transfers.ts`. A segment that is
 * swept twice, late, or beside itself does no harm, since every write is conditional on what was read.
 */

import type { Cursor, Page, Segment } from '../storage/table-scan.ts';
import type { Surroundings } from './surroundings.ts';
import type { Telemetry } from './telemetry.ts';

/** A part of a sweep that is still to be done. */
export interface SweepTask extends Segment {
  /** `undefined` at the segment's beginning. */
  readonly cursor: Cursor | undefined;
  /** When the whole sweep began, in microseconds since 1970, in decimal. */
  readonly startedAt: string;
  /** Items read in this segment so far. */
  readonly itemCount: number;
}

export interface SweepQueue {
  /** @throws when not all tasks could be sent */
  readonly send: (tasks: readonly SweepTask[]) => Promise<void>;
}

export interface SweepTools {
  readonly queue: SweepQueue;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
}

/** What a sweep does with one kind of item. */
export interface SweepWork<T> {
  /** For metrics and the log, e.g. `accounts`. */
  readonly name: string;
  readonly countItems: () => Promise<number>;
  readonly readPage: (segment: Segment, from: Cursor | undefined) => Promise<Page<T>>;
  readonly handlePage: (items: readonly T[]) => Promise<void>;
}

/** A segment of so many items takes a minute or a few; more of them would idle, fewer would take hours. */
const ITEMS_IN_SEGMENT = 50_000;
const MAX_SEGMENTS = 1_000;

/** Begins a sweep: one task for each segment. */
export async function startSweep<T>(
  work: SweepWork<T>,
  { queue, surroundings, telemetry }: SweepTools,
): Promise<void> {
  const totalSegments = segmentCount(await work.countItems());
  const startedAt = surroundings.now().toString();
  const tasks = Array.from({ length: totalSegments }, (_, segment) => ({
    segment,
    totalSegments,
    cursor: undefined,
    startedAt,
    itemCount: 0,
  }));
  await queue.send(tasks);
  telemetry.count(`Sweep.${work.name}.started`);
  telemetry.info(`A sweep over ${work.name} begins.`, { totalSegments });
}

/** More segments for larger tables, so that a sweep takes about as long whatever their size. */
export function segmentCount(itemCount: number): number {
  return Math.min(MAX_SEGMENTS, Math.max(1, Math.ceil(itemCount / ITEMS_IN_SEGMENT)));
}

/**
 * Goes on with a segment, page by page, until it ends or `hasTime` says no; then sends on what is left of it. When this
 * throws, the task comes again, and pages that were handled are handled again.
 */
export async function continueSweep<T>(
  task: SweepTask,
  work: SweepWork<T>,
  hasTime: () => boolean,
  { queue, surroundings, telemetry }: SweepTools,
): Promise<void> {
  let { cursor, itemCount } = task;
  do {
    const page = await work.readPage(task, cursor);
    for (const error of page.corrupt) {
      telemetry.count(`Sweep.${work.name}.corrupt`);
      telemetry.warn('A sweep found an item that can not be read.', { error });
    }
    await work.handlePage(page.items);
    telemetry.count(`Sweep.${work.name}.items`, page.readCount);
    itemCount += page.readCount;
    cursor = page.next;
  } while (cursor !== undefined && hasTime());
  if (cursor !== undefined) {
    await queue.send([{ ...task, cursor, itemCount }]);
    return;
  }
  const seconds = Number(surroundings.now() - BigInt(task.startedAt)) / 1e6;
  telemetry.count(`Sweep.${work.name}.segments`);
  telemetry.info(`A segment of a sweep over ${work.name} is done.`, {
    segment: task.segment,
    totalSegments: task.totalSegments,
    itemCount,
    secondsSinceStart: seconds,
  });
}
