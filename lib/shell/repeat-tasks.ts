/** The parts of a sweep that publishes again: which table, and the times of which messages. */

import type { SweepTask } from './sweep.ts';
import { parseSweepTask } from './sweep-queue.ts';
import type { ClosedRange } from './time-range.ts';

/** The ends in microseconds since 1970, in decimal, since tasks travel as JSON. */
export interface TaskRange {
  readonly from: string;
  readonly to: string;
}

export interface RepeatTask extends SweepTask {
  readonly table: 'accounts' | 'transfers';
  /** Of the messages' own `ts`. */
  readonly ranges: readonly TaskRange[];
  /** The same for AccountPurge, whose items are tombstones in the transfers table. */
  readonly purgeRanges: readonly TaskRange[];
}

/** @throws {Error} when the text is not a task of this kind */
export function parseRepeatTask(body: string): RepeatTask {
  const { table, ranges, purgeRanges } = JSON.parse(body);
  const isTask =
    ['accounts', 'transfers'].includes(table) && areTaskRanges(ranges) && areTaskRanges(purgeRanges);
  if (!isTask) {
    throw new Error('A message in the queue of publishing again is not such a task.');
  }
  return { ...parseSweepTask(body), table, ranges, purgeRanges };
}

function areTaskRanges(ranges: unknown): boolean {
  return (
    Array.isArray(ranges) &&
    ranges.every(({ from, to }) => [from, to].every((end) => typeof end === 'string' && /^-?\d+$/.test(end)))
  );
}

export function printTaskRanges(ranges: readonly ClosedRange[]): readonly TaskRange[] {
  return ranges.map(({ from, to }) => ({ from: from.toString(), to: to.toString() }));
}

export function readTaskRanges(ranges: readonly TaskRange[]): readonly ClosedRange[] {
  return ranges.map(({ from, to }) => ({ from: BigInt(from), to: BigInt(to) }));
}
