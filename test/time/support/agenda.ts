/** The schedule of a simulated time. */

import type { Timestamp } from '../../../lib/protocol/timestamps.ts';

interface Entry {
  readonly at: Timestamp;
  readonly order: number;
  readonly happen: () => Promise<void>;
}

/** Actions run in the order of their instants; at the same instant, in the order in which they were entered. */
export class Agenda {
  readonly #days = new Map<bigint, Entry[]>();
  #order = 0;

  enter(at: Timestamp, happen: () => Promise<void>): void {
    const entry = { at, order: this.#order, happen };
    this.#order += 1;
    const day = dayOf(at);
    const entries = this.#days.get(day);
    if (entries === undefined) {
      this.#days.set(day, [entry]);
    } else {
      entries.push(entry);
    }
  }

  /** Runs all actions until `end`, including ones that are entered meanwhile; calls `passTo` with each instant. */
  async run(start: Timestamp, end: Timestamp, passTo: (time: Timestamp) => Promise<void>): Promise<void> {
    for (let day = dayOf(start); day <= dayOf(end); day += 1n) {
      for (let next = this.#take(day, end); next !== undefined; next = this.#take(day, end)) {
        await passTo(next.at);
        await next.happen();
      }
    }
    await passTo(end);
  }

  #take(day: bigint, end: Timestamp): Entry | undefined {
    const entries = this.#days.get(day) ?? [];
    const [first] = entries
      .filter(({ at }) => at <= end)
      .toSorted((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1));
    if (first !== undefined) {
      entries.splice(entries.indexOf(first), 1);
    }
    return first;
  }
}

function dayOf(at: Timestamp): bigint {
  return at / 86_400_000_000n;
}
