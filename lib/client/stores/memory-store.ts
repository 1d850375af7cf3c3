/** A store in memory, for tests and for programs that need not survive a crash. */

import type { ClientStore, ItemChange, ItemKey, ListedItem, ListOptions } from './client-store.ts';

/** A store that forgets everything when the process ends: its transfers that are still running then are dismissed, or lost. */
export class MemoryStore implements ClientStore {
  readonly #partitions = new Map<string, Partition>();

  async read(keys: readonly ItemKey[], signal?: AbortSignal): Promise<(string | undefined)[]> {
    signal?.throwIfAborted();
    return keys.map((key) => this.#textOf(key));
  }

  async write(changes: readonly ItemChange[], signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    if (changes.some((change) => this.#textOf(change) !== change.before)) {
      return false;
    }
    for (const { partition, sort, after } of changes) {
      const items = this.#partitions.get(partition) ?? new Partition();
      this.#partitions.set(partition, items);
      items.set(sort, after);
    }
    return true;
  }

  async list(
    partition: string,
    { after, limit }: ListOptions,
    signal?: AbortSignal,
  ): Promise<readonly ListedItem[]> {
    signal?.throwIfAborted();
    return this.#partitions.get(partition)?.list(after, limit) ?? [];
  }

  /** Nothing has to be closed. */
  async [Symbol.asyncDispose](): Promise<void> {}

  #textOf({ partition, sort }: ItemKey): string | undefined {
    return this.#partitions.get(partition)?.get(sort);
  }
}

/** Texts by key, with the keys sorted whenever somebody lists them after a change. */
class Partition {
  readonly #texts = new Map<string, string>();
  #sorted: readonly string[] | undefined;

  get(sort: string): string | undefined {
    return this.#texts.get(sort);
  }

  set(sort: string, text: string | undefined): void {
    if (text === undefined) {
      this.#texts.delete(sort);
      this.#sorted = undefined;
      return;
    }
    if (!this.#texts.has(sort)) {
      this.#sorted = undefined;
    }
    this.#texts.set(sort, text);
  }

  list(after: string | undefined, limit: number): ListedItem[] {
    this.#sorted ??= [...this.#texts.keys()].sort();
    const sorted = this.#sorted;
    const start = after === undefined ? 0 : firstAfter(sorted, after);
    return sorted.slice(start, start + limit).map((sort) => ({ sort, text: this.#texts.get(sort) ?? '' }));
  }
}

function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') <= after) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
