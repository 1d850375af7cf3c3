/**
 * How fast an invocation of a sweep changes items. Sweeps are never urgent, so they leave a table's capacity to transfers: they
 * keep to a budget, and stop for a while when a table throttles or does not answer.
 */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { inSlices } from './concurrency.ts';
import type { Invocation } from './invocation.ts';

/** How many invocations of a sweep run at once, as the stack bounds them. They share the budget. */
const INVOCATIONS_AT_ONCE = 10;
/** The most items that are worked on before the pace is looked at again: those of about a second, but no more than this. */
const MAX_SLICE = 100;
/** Longer ones are never due, unless the clock was set back. */
const MAX_PAUSE_SECONDS = 5;
/** Not worth a timer. */
const MIN_PAUSE_SECONDS = 0.05;

/** Why a page is left before its end. */
export type Stop = 'no time' | 'table unavailable' | 'postponed';

export interface PaceOptions {
  /** How many items all invocations of the sweep together may change in a second. */
  readonly writesPerSecond: number;
  readonly totalSegments: number;
  /** Whether to stop when a table does not answer. Otherwise what fails is left to the next sweep. */
  readonly waitsForTables: boolean;
}

/** One for each invocation. */
export class SweepPace {
  readonly #invocation: Invocation;
  readonly #writesPerSecond: number;
  readonly #waitsForTables: boolean;
  readonly #startedAt: Timestamp;
  #changedCount = 0;
  #unavailableCount = 0;
  #stop: Stop | undefined;

  constructor(invocation: Invocation, { writesPerSecond, totalSegments, waitsForTables }: PaceOptions) {
    this.#invocation = invocation;
    this.#writesPerSecond = writesPerSecond / Math.min(totalSegments, INVOCATIONS_AT_ONCE);
    this.#waitsForTables = waitsForTables;
    this.#startedAt = invocation.surroundings.now();
  }

  /** Set when `run` has left items undone, or may have. The page is then to be read again; what is done is no longer due. */
  get stop(): Stop | undefined {
    return this.#stop;
  }

  /** How many items were worked on. */
  get changedCount(): number {
    return this.#changedCount;
  }

  /** @returns the invocation for the work, from which the pace learns of tables that do not answer */
  watch(invocation: Invocation): Invocation {
    const { telemetry } = invocation;
    const count = (name: string, amount?: number): void => {
      this.#unavailableCount += name === 'Unavailable' ? 1 : 0;
      telemetry.count(name, amount);
    };
    return { ...invocation, telemetry: { ...telemetry, count } };
  }

  /** Leaves the page: what it needs does not work now. Unlike items of a table, such work is waited for however long that takes. */
  postpone(): void {
    this.#stop = 'postponed';
  }

  /** Works on the items in slices, with pauses, for as long as there is time and the tables answer. */
  async run<T>(items: readonly T[], work: (slice: readonly T[]) => Promise<unknown>): Promise<void> {
    const size = Math.min(MAX_SLICE, Math.ceil(this.#writesPerSecond));
    for (const slice of inSlices(items, size)) {
      if (this.#stop !== undefined) {
        return;
      }
      await this.#pause();
      // Each invocation gets on, however little time it has.
      if (this.#changedCount > 0 && !this.#invocation.hasTime()) {
        this.#stop = 'no time';
        return;
      }
      await work(slice);
      this.#changedCount += slice.length;
      if (this.#waitsForTables && this.#unavailableCount > 0 && this.#stop === undefined) {
        // Some of the slice may be left undone.
        this.#stop = 'table unavailable';
      }
    }
  }

  async #pause(): Promise<void> {
    const { surroundings } = this.#invocation;
    const elapsed = secondsBetween(this.#startedAt, surroundings.now());
    const seconds = Math.min(MAX_PAUSE_SECONDS, this.#changedCount / this.#writesPerSecond - elapsed);
    if (seconds >= MIN_PAUSE_SECONDS) {
      await surroundings.pause(1_000 * seconds);
    }
  }
}
