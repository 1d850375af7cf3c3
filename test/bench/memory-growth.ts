/** Whether memory grows with the messages that were handled: the line through its samples, and how steep it may be. */

export interface MemorySample {
  /** How many messages had been handled. */
  readonly messageCount: number;
  /** What is in use when nothing is under way and garbage is collected, in megabytes. */
  readonly inUseMB: number;
  /** The most that the whole process had resident since the sample before, in megabytes. */
  readonly peakResidentMB: number;
}

/** After the warm-up; in megabytes of 2^20 bytes. */
export interface MemoryGrowth {
  readonly startMB: number;
  readonly endMB: number;
  /** By least squares; negative when memory shrinks. */
  readonly bytesPerMessage: number;
  /** What so many bytes a message come to over all messages, those of the warm-up included. */
  readonly growthMB: number;
}

/** Until so many of the messages are handled, code is still compiled and connections are opened. */
const WARM_UP_SHARE = 0.1;
/** Two points are on a line whatever they are. */
const MIN_SAMPLES = 3;
/**
 * Memory is flat when it grows by no more than this, over a million messages or what was measured of them. That is 4.2
 * bytes a message, and a reference alone has 8, so whoever keeps anything of every message, or an object of every
 * transfer, exceeds it. V8 needs a part of it: the code that it goes on compiling comes to half a megabyte, sometimes more,
 * however many the messages are.
 */
export const MAX_GROWTH_MB = 4;

export const BYTES_IN_MB = 2 ** 20;

/** @returns `undefined` where there are too few samples to tell */
export function growthOf(samples: readonly MemorySample[]): MemoryGrowth | undefined {
  const messageCount = samples.at(-1)?.messageCount ?? 0;
  const warm = samples.filter((sample) => sample.messageCount >= WARM_UP_SHARE * messageCount);
  const [first, last] = [warm[0], warm.at(-1)];
  if (first === undefined || last === undefined || warm.length < MIN_SAMPLES) {
    return undefined;
  }
  const slopeMB = slopeOf(warm.map((sample) => [sample.messageCount, sample.inUseMB]));
  return {
    startMB: first.inUseMB,
    endMB: last.inUseMB,
    bytesPerMessage: slopeMB * BYTES_IN_MB,
    growthMB: slopeMB * messageCount,
  };
}

/** Of the straight line from which the points differ least, by the squares of their differences in y. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const sumOf = (term: (x: number, y: number) => number) =>
    points.reduce((sum, [x, y]) => sum + term(x - meanX, y - meanY), 0);
  return sumOf((x, y) => x * y) / sumOf((x) => x * x);
}

/** @returns what is wrong; `undefined` when memory is flat */
export function flatnessFault(growth: MemoryGrowth | undefined): string | undefined {
  if (growth === undefined) {
    return 'was sampled too seldom to tell whether it is flat';
  }
  const { growthMB, bytesPerMessage } = growth;
  return growthMB <= MAX_GROWTH_MB
    ? undefined
    : `grew by ${growthMB.toFixed(1)} MB, ${bytesPerMessage.toFixed(1)} bytes a message; at most ${MAX_GROWTH_MB} MB count as flat`;
}
