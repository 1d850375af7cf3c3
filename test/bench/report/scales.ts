/** Maps values to positions on an axis, and places the axis marks. */

export interface Scale {
  /** The place of a value, in pixels. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

export type Range = readonly [number, number];

/** From 0 to the first round number that no value exceeds. NaN and infinite values are ignored. */
export function linearScale(values: Iterable<number>, pixels: Range, tickCount = 5): Scale {
  const most = Math.max(0, ...finite(values)) || 1;
  const step = roundStep(most / tickCount);
  const count = Math.ceil(most / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
  const end = count * step;
  return { ticks, at: (value) => between(pixels, held(value, [0, end]) / end) };
}

/** From one power of ten to another. Values that are not positive are put at the start. */
export function logScale(values: Iterable<number>, pixels: Range): Scale {
  const positive = finite(values).filter((value) => value > 0);
  const first = Math.floor(Math.log10(positive.length > 0 ? Math.min(...positive) : 1));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(1e-9, ...positive)) - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  const at = (value: number) => {
    const power = value > 0 ? Math.log10(value) : first;
    return between(pixels, (held(power, [first, last]) - first) / (last - first));
  };
  return { ticks, at };
}

/** A logarithmic axis with the values themselves as marks. */
export function factorScale(values: Iterable<number>, pixels: Range): Scale {
  const ticks = [...new Set(finite(values).filter((value) => value > 0))].sort((one, other) => one - other);
  const [least, most] = [Math.log(ticks[0] ?? 1), Math.log(ticks.at(-1) ?? 1)];
  const at = (value: number) =>
    between(pixels, most === least ? 0.5 : (held(Math.log(value), [least, most]) - least) / (most - least));
  return { ticks, at };
}

/** 1, 2 or 5 times a power of ten, not below the least step. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function between([start, end]: Range, share: number): number {
  return start + share * (end - start);
}

function held(value: number, [least, most]: Range): number {
  return Number.isNaN(value) ? least : Math.min(most, Math.max(least, value));
}

function finite(values: Iterable<number>): number[] {
  return [...values].filter(Number.isFinite);
}
