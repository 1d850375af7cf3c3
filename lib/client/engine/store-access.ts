/**
 * Changes records of a store so that concurrent changes never get lost: read, decide, write under the condition, else again. And
 * lists the records of a partition, however many there are.
 */

import { StoreContentionError } from '../errors.ts';
import type { ClientStore, ItemChange } from '../stores/client-store.ts';

/** What an attempt decided: the changes to write, and what to return once they are written. */
export interface Attempt<R> {
  readonly changes: readonly ItemChange[];
  readonly result: R;
}

const MAX_ATTEMPTS = 50;
const PAGE = 100;

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

/**
 * The texts of a partition in the order of their `sort`, read page by page.
 * @param after begin after this `sort`; with the first where it is `undefined`
 */
export async function* listTexts(
  store: ClientStore,
  partition: string,
  { after, signal }: { readonly after?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<string, void, undefined> {
  let last = after;
  for (;;) {
    const options = { limit: PAGE, ...(last !== undefined && { after: last }) };
    const items = await store.list(partition, options, signal);
    yield* items.map(({ text }) => text);
    last = items.at(-1)?.sort;
    if (items.length < PAGE) {
      return;
    }
  }
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
