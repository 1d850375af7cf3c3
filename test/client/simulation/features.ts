/** What may go wrong in a simulated world, and how much of it. Every world draws its own. */

import type { Random } from '../../simulation/random.ts';

export interface Features {
  /** How many things happen before the world calms down. */
  readonly steps: number;
  /** The chance that a process dies at one of its calls, before or after the call's effect. */
  readonly crashes: number;
  /** The chance that a process that dies loses its store. */
  readonly losses: number;
  /** The chance that a call fails, before or after its effect. */
  readonly failures: number;
  /** The chance that a message comes once more. */
  readonly copies: number;
  /** The chance that an AccountTransfer never comes. No queue does that, but ledgers must survive it. */
  readonly drops: number;
  /** The longest time between two steps, in seconds. */
  readonly pauseSeconds: number;
  /** How many processes each role has. */
  readonly processes: number;
  /** How many messages a process takes at once. */
  readonly batch: number;
  readonly creditors: number;
  readonly intents: number;
  /** The negligible amount of creditors' accounts. */
  readonly negligibleAmount: number;
}

export function drawFeatures(random: Random): Features {
  return {
    steps: random.between(50, 300),
    crashes: random.pick([0, 0.002, 0.01, 0.04]),
    losses: random.pick([0, 0, 0.3]),
    failures: random.pick([0, 0.02, 0.1]),
    copies: random.pick([0, 0.1, 0.5]),
    drops: random.pick([0, 0, 0, 0.2]),
    pauseSeconds: random.pick([0.001, 10, 600, 20_000]),
    processes: random.pick([1, 1, 2]),
    batch: random.between(1, 10),
    creditors: random.between(2, 3),
    intents: random.between(4, 14),
    negligibleAmount: random.pick([0, 0, 20]),
  };
}
