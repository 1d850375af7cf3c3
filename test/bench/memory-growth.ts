/** Whether memory grows with the number of handled messages: a line through the samples, and its steepest allowed slope. */

export interface MemorySample {
  /** How many messages had been handled. */
  readonly messageCount: number;
  /** Memory in use when nothing is under way and garbage is collected, in megabytes. */
  readonly inUseMB: number;
  /** Peak resident memory of the process since the previous sample, in megabytes. */
  readonly peakResidentMB: number;
}

/** After the warm-up; in megabytes of 2^20 bytes. */
export interface MemoryGrowth {
  readonly startMB: number;
  readonly endMB: number;
  /** By least squares; negative when memory shrinks. */
  readonly bytesPerMessage: number;
  /** The same slope over all messages, including the warm-up. */
  readonly growthMB: number;
}

/** The share of messages during which code is still compiled and connections are opened. */
const WARM_UP_SHARE = 0.1;
/** Two points are always on a line. */
const MIN_SAMPLES = 3;
/**
 * Memory is flat when it grows by no more than this over the measured messages, at most a million. That is 4.2 bytes a
 * message. A reference alone takes 8 bytes, so code that keeps anything of every message, or an object of every transfer,
 * exceeds it. V8 uses a part of it: it goes on compiling code, half a megabyte or sometimes more, however many messages
 * there are.
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

/** The least-squares line through the points. */
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
