/** The clock, pauses and chance: what tests replace besides tables, queues and topics. */

import type { Timestamp } from '../protocol/timestamps.ts';

export interface Surroundings {
  readonly now: () => Timestamp;
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
}

/** The real world. Its clock ticks in milliseconds, which is enough: announcements never depend on distinct instants. */
export const REAL_SURROUNDINGS: Surroundings = {
  now: () => BigInt(Date.now()) * 1_000n,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
};
