import { describe, expect, it } from 'vitest';
import { flatnessFault, growthOf, type MemorySample, slopeOf } from './memory-growth.ts';

function samples(...points: readonly (readonly [messageCount: number, inUseMB: number])[]): MemorySample[] {
  return points.map(([messageCount, inUseMB]) => ({ messageCount, inUseMB, peakResidentMB: 200 }));
}

describe('The line through the samples', () => {
  it('has their slope, where they are on one', () => {
    expect(slopeOf([0, 10, 20, 30].map((x) => [x, 7 - 0.5 * x]))).toBe(-0.5);
  });

  it('is the one from which they differ least', () => {
    // Deviations from the means 1.5 and 2.5: (-1.5, -1.5), (-0.5, 0.5), (0.5, -0.5), (1.5, 1.5); 4 / 5.
    expect(
      slopeOf([
        [0, 1],
        [1, 3],
        [2, 2],
        [3, 4],
      ]),
    ).toBe(0.8);
  });
});

describe('The growth of memory', () => {
  it('is that of the line over all messages, from the end of the warm-up on', () => {
    const all = samples([0, 5], [99_999, 90], [100_000, 30], [400_000, 33], [700_000, 36], [1_000_000, 39]);
    expect(growthOf(all)).toStrictEqual({
      startMB: 30,
      endMB: 39,
      // 10 MB over a million.
      bytesPerMessage: expect.closeTo(10.48576, 9),
      growthMB: expect.closeTo(10, 9),
    });
  });

  it('is not known from two samples', () => {
    expect(growthOf(samples([0, 30], [500, 30], [1_000, 30]))).toBeUndefined();
    expect(growthOf([])).toBeUndefined();
  });
});

describe('Memory', () => {
  const growth = { startMB: 30, endMB: 34, bytesPerMessage: 4.2 };

  it('is flat up to the limit, and when it shrinks', () => {
    expect(flatnessFault({ ...growth, growthMB: 4 })).toBeUndefined();
    expect(flatnessFault({ ...growth, growthMB: -20 })).toBeUndefined();
  });

  it('is not flat beyond it, nor when nobody knows', () => {
    expect(flatnessFault({ ...growth, growthMB: 4.06 })).toBe(
      'grew by 4.1 MB, 4.2 bytes a message; at most 4 MB count as flat',
    );
    expect(flatnessFault(undefined)).toBe('was sampled too seldom to tell whether it is flat');
  });

  it('is not flat when a reference to every message is kept', () => {
    const grown = samples(
      ...[100_000, 500_000, 1_000_000].map((count) => [count, 30 + (count * 8) / 2 ** 20] as const),
    );
    expect(flatnessFault(growthOf(grown))).toMatch(/^grew by 7\.6 MB, 8\.0 bytes a message/);
  });
});
