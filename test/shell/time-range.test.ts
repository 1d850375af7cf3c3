/** Ranges of time, and how those that are close become one. */

import { describe, expect, it } from 'vitest';
import { type ClosedRange, isInRange, mergeRanges } from '../../lib/shell/time-range.ts';

describe('A range', () => {
  it('has its beginning but not its end', () => {
    const range = { from: 10n, to: 20n };
    expect([9n, 10n, 19n, 20n].map((at) => isInRange(at, range))).toStrictEqual([false, true, true, false]);
    expect(isInRange(-5n, { from: undefined, to: undefined })).toBe(true);
  });
});

function ranges(...ends: readonly (readonly [bigint, bigint])[]): ClosedRange[] {
  return ends.map(([from, to]) => ({ from, to }));
}

describe('Ranges', () => {
  it('become one when they overlap, touch, or are close, in whatever order they come', () => {
    expect(mergeRanges(ranges([30n, 40n], [0n, 10n], [5n, 12n], [17n, 20n], [1n, 2n]), 5n)).toStrictEqual(
      ranges([0n, 20n], [30n, 40n]),
    );
    expect(mergeRanges(ranges([0n, 10n], [16n, 20n]), 5n)).toStrictEqual(ranges([0n, 10n], [16n, 20n]));
    expect(mergeRanges([], 5n)).toStrictEqual([]);
  });
});
