/** A stretch of time, for what is selected by the instant of its message. */

import type { Timestamp } from '../protocol/timestamps.ts';

/** From `from`, up to but not including `to`; an end that is `undefined` is open. */
export interface TimeRange {
  readonly from: Timestamp | undefined;
  readonly to: Timestamp | undefined;
}

export function isInRange(at: Timestamp, { from, to }: TimeRange): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to);
}

/** A range with both ends. */
export interface ClosedRange {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** The ranges in order, those that overlap or are at most `gap` microseconds apart made one. */
export function mergeRanges(ranges: readonly ClosedRange[], gap: bigint): readonly ClosedRange[] {
  const merged: ClosedRange[] = [];
  for (const range of ranges.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + gap) {
      merged[merged.length - 1] = { from: last.from, to: range.to > last.to ? range.to : last.to };
    } else {
      merged.push(range);
    }
  }
  return merged;
}
