/**
 * Surroundings whose clock stands still while there is work, and then jumps to the next instant that somebody waits for.
 * Minutes pass in milliseconds of real time, with the same result on any machine.
 */

import type { Surroundings } from '../../lib/shell/surroundings.ts';

const START = 1_790_000_000_000_000n;

export class VirtualTime implements Surroundings {
  #elapsedMs = 0;
  #seed: number;
  readonly #waiting: { readonly due: number; readonly resume: () => void }[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  now = (): bigint => START + BigInt(Math.round(this.#elapsedMs * 1_000));

  pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      this.#waiting.push({ due: this.#elapsedMs + milliseconds, resume: resolve });
    });

  /** By the "mulberry32" generator: the same numbers for the same seed. */
  random = (): number => {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** Lets time pass until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const finished = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      // All work that does not wait for the clock is done before this resolves.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) {
        break;
      }
      this.#advance();
    }
    return finished;
  }

  #advance(): void {
    let next = 0;
    for (const [index, { due }] of this.#waiting.entries()) {
      if (due < (this.#waiting[next]?.due ?? Number.POSITIVE_INFINITY)) {
        next = index;
      }
    }
    const [waiter] = this.#waiting.splice(next, 1);
    if (waiter === undefined) {
      throw new Error('All wait, and nobody for the clock.');
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, waiter.due);
    waiter.resume();
  }
}
