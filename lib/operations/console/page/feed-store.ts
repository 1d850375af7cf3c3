/** What the page keeps of the feed. It grows by every message without copying, and forgets the oldest. */

import type { FeedEntry } from '../answers.ts';
import { type LiveEntry, withWords } from './live-entry.ts';
import { TransferStories } from './transfer-stories.ts';

const KEPT = 5_000;
/** Forgetting many at once costs less than forgetting one each time. */
const FORGOTTEN_AT_ONCE = 500;

export class FeedStore {
  readonly #entries: LiveEntry[] = [];
  #stories = new TransferStories();

  /** In order. The array itself changes. */
  get entries(): readonly LiveEntry[] {
    return this.#entries;
  }

  get stories(): TransferStories {
    return this.#stories;
  }

  /** Of the latest entry; 0 without any. */
  get lastSeq(): number {
    return this.#entries.at(-1)?.seq ?? 0;
  }

  add(entries: readonly FeedEntry[]): void {
    for (const entry of entries) {
      const live = withWords(entry);
      this.#entries.push(live);
      this.#stories.add(live);
    }
    if (this.#entries.length > KEPT + FORGOTTEN_AT_ONCE) {
      for (const entry of this.#entries.splice(0, this.#entries.length - KEPT)) {
        this.#stories.forget(entry);
      }
    }
  }

  clear(): void {
    this.#entries.length = 0;
    this.#stories = new TransferStories();
  }
}
