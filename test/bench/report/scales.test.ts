import { describe, expect, it } from 'vitest';
import { factorScale, linearScale, logScale } from './scales.ts';

describe('An axis', () => {
  it('has round marks from 0 to beyond the largest value', () => {
    const scale = linearScale([37, 730], [100, 300]);
    expect(scale.ticks).toStrictEqual([0, 200, 400, 600, 800]);
    expect([0, 400, 800].map(scale.at)).toStrictEqual([100, 200, 300]);
  });

  it('ends where the largest value is, if that is round', () => {
    expect(linearScale([0.3], [0, 10]).ticks).toStrictEqual([0, 0.1, 0.2, 0.3]);
  });

  it('is drawn where there is nothing, or nothing that is a number', () => {
    expect(linearScale([Number.NaN, Number.POSITIVE_INFINITY], [0, 10]).at(Number.NaN)).toBe(0);
    expect(logScale([0], [0, 10]).ticks).toStrictEqual([1, 10]);
    expect(factorScale([5], [0, 10]).at(5)).toBe(5);
  });

  it('of powers of ten has all values between two of them', () => {
    const scale = logScale([0, 30, 1_000], [0, 200]);
    expect(scale.ticks).toStrictEqual([10, 100, 1_000]);
    expect([0, 10, 100, 1_000].map(scale.at)).toStrictEqual([0, 0, 100, 200]);
  });

  it('of factors has its marks where the values are, each once', () => {
    const scale = factorScale([1, 4, 2, 4], [0, 100]);
    expect(scale.ticks).toStrictEqual([1, 2, 4]);
    expect([1, 2, 4].map(scale.at)).toStrictEqual([0, 50, 100]);
  });
});
