/** Percentiles of measured times. */

export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * By nearest rank: the least value that at least so many percent of the values do not exceed. NaN, for what was not measured,
 * is left out. All zero without values.
 */
export function percentilesOf(values: Iterable<number>): Percentiles {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const rank = (percent: number) => sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
  return { p50: rank(50), p90: rank(90), p99: rank(99), max: rank(100) };
}

export function medianOf(values: Iterable<number>): number {
  return percentilesOf(values).p50;
}
