/** Changes records of a store so that concurrent changes never get lost: read, decide, write under the condition, else again. */

import { StoreContentionError } from '../errors.ts';
import type { ClientStore, ItemChange } from '../stores/client-store.ts';

/** What an attempt decided: the changes to write, and what to return once they are written. */
export interface Attempt<R> {
  readonly changes: readonly ItemChange[];
  readonly result: R;
}

const MAX_ATTEMPTS = 50;

/**
 * Repeats the attempt, which reads anew each time, until its changes could be written. No changes need no write.
 * @throws {StoreContentionError} after many attempts
 */
export async function changeRecords<R>(
  store: ClientStore,
  attempt: () => Promise<Attempt<R>>,
  signal?: AbortSignal,
): Promise<R> {
  for (let count = 0; count < MAX_ATTEMPTS; count++) {
    const { changes, result } = await attempt();
    if (changes.length === 0 || (await store.write(changes, signal))) {
      return result;
    }
  }
  throw new StoreContentionError('A record changed faster than it could be read.');
}

/** Runs work on the same record one after the other, so that this process does not compete with itself. */
export class Sequences {
  readonly #last = new Map<string, Promise<unknown>>();

  run<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    this.#last.set(key, result);
    const forget = (): void => {
      if (this.#last.get(key) === result) {
        this.#last.delete(key);
      }
    };
    result.then(forget, forget);
    return result;
  }
}
