/** The real world around the shell. */

import { describe, expect, it } from 'vitest';
import { REAL_SURROUNDINGS } from '../../lib/shell/surroundings.ts';

describe('the real world', () => {
  it('tells the time in microseconds', () => {
    const [before, now, after] = [Date.now(), REAL_SURROUNDINGS.now(), Date.now()];
    expect(now).toBeGreaterThanOrEqual(BigInt(before) * 1_000n);
    expect(now).toBeLessThanOrEqual(BigInt(after) * 1_000n);
  });

  it('lets a pause last as long as it is to', async () => {
    const start = performance.now();
    await REAL_SURROUNDINGS.pause(5);
    expect(performance.now() - start).toBeGreaterThanOrEqual(4);
  });

  it('throws dice between 0 and 1', () => {
    const thrown = Array.from({ length: 100 }, () => REAL_SURROUNDINGS.random());
    expect(thrown.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(thrown).size).toBeGreaterThan(1);
  });
});
