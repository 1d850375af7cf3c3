/** A clock that stands still until somebody moves it, for tests. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import type { Clock } from '../ports.ts';

interface Sleeper {
  readonly until: Timestamp;
  readonly wake: () => void;
}

export class VirtualClock implements Clock {
  #now: Timestamp;
  readonly #sleepers = new Set<Sleeper>();

  /** @param now microseconds since 1970 */
  constructor(now: Timestamp) {
    this.#now = now;
  }

  now(): Timestamp {
    return this.#now;
  }

  waitUntil(until: Timestamp, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (until <= this.#now) {
        resolve();
        return;
      }
      const sleeper = {
        until,
        wake: () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Moves the clock, and wakes everybody whose time has come. */
  moveTo(now: Timestamp): void {
    this.#now = now;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.until <= now) {
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      }
    }
  }
}
