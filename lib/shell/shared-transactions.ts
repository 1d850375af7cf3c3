/**
 * First attempts for several accounts in one transaction: most of what a small change takes is the call. Each account's change
 * is as conditional as it would be alone, and one that was not committed here is decided about anew and tried by itself, so
 * an account that is busy makes others lose their first try and nothing else.
 */

import type { Account } from '../rules/account.ts';
import { type Change, itemCountOf, type LedgerStore } from '../storage/ledger-store.ts';
import { mapConcurrently } from './concurrency.ts';
import { countFailure } from './retry.ts';
import { measured, type Telemetry } from './telemetry.ts';

/** Of so many items the call is a small part; and of more, more would be lost together. */
const MAX_ITEMS_TOGETHER = 33;
/** An account with more than a few messages at once is likely to be busy, and to lose races: nobody should lose them with it. */
const MAX_ITEMS_OF_ONE = 8;
/** Of the accounts of a transaction that failed: some, so that a few of them do not want all connections at once. */
const TRIED_AGAIN_AT_ONCE = 4;
/** By how many items transactions grow after one that succeeded; one that lost a race halves them. */
const GROWTH = 2;

/** Of one run of accounts; enough to hide the latency of a commit, few enough for one connection pool. */
const COMMITS_AT_ONCE = 16;

/** Something that begins with the attempt to commit a change; without one, somebody else has to read and decide first. */
export interface Attempt {
  readonly change: Change | undefined;
}

export interface CommitTools {
  readonly store: LedgerStore;
  readonly telemetry: Telemetry;
}

/** What becomes of an attempt. */
export interface Ways<T, R> {
  readonly committed: (attempt: T) => R;
  /** Goes on by itself: with what is known, or, after it `failed` with others, from what has to be read. */
  readonly alone: (attempt: T, state: 'untried' | 'failed') => Promise<R>;
}

/**
 * Puts first attempts together, fewer of them while races are lost: the larger a transaction, the likelier that one of its
 * accounts was changed meanwhile, and then all of it was written for nothing. One for all invocations of a function.
 */
export class SharedTransactions {
  #maxItems = MAX_ITEMS_TOGETHER;

  /** Commits the attempts together where that saves calls; when that fails, each of them goes on by itself. */
  async run<T extends Attempt, R>(
    attempts: readonly T[],
    tools: CommitTools,
    ways: Ways<T, R>,
  ): Promise<R[]> {
    const results = await mapConcurrently(this.arrange(attempts), COMMITS_AT_ONCE, async (together) => {
      const [first, ...others] = together;
      if (first !== undefined && others.length === 0) {
        return [await ways.alone(first, 'untried')];
      }
      const changes = together.flatMap(({ change }) => change ?? []);
      const accounts = await this.tryCommit(changes, tools);
      return accounts === undefined
        ? mapConcurrently(together, TRIED_AGAIN_AT_ONCE, (attempt) => ways.alone(attempt, 'failed'))
        : together.map(ways.committed);
    });
    return results.flat();
  }

  /** What is to be tried in one transaction each. Most of what is alone is so because it is no dearer alone. */
  arrange<T extends Attempt>(attempts: readonly T[]): readonly (readonly T[])[] {
    const alone = attempts.filter((attempt) => !canBeTogether(attempt)).map((attempt) => [attempt]);
    const together: T[][] = [];
    let itemCount = this.#maxItems;
    for (const attempt of attempts.filter(canBeTogether)) {
      const count = countOf(attempt);
      itemCount += count;
      if (itemCount > this.#maxItems) {
        together.push([]);
        itemCount = count;
      }
      together.at(-1)?.push(attempt);
    }
    return [...alone, ...together];
  }

  /** @returns the accounts as they are now stored, in the order of the changes; `undefined` when nothing was committed */
  async tryCommit(
    changes: readonly Change[],
    { store, telemetry }: CommitTools,
  ): Promise<readonly (Account | undefined)[] | undefined> {
    try {
      const accounts = await measured(telemetry, 'Commit', () => store.commitTogether(changes));
      telemetry.count('Commits');
      this.#maxItems = Math.min(MAX_ITEMS_TOGETHER, this.#maxItems + GROWTH);
      return accounts;
    } catch (error) {
      // Whatever else went wrong goes wrong again for the account that it is about, and is told there.
      if (countFailure(error, telemetry) !== undefined) {
        this.#maxItems = Math.max(MAX_ITEMS_OF_ONE, Math.floor(this.#maxItems / 2));
      }
      telemetry.count('Retries', changes.length);
      return undefined;
    }
  }
}

/** A single item needs no transaction, and costs half as much without. */
function canBeTogether(attempt: Attempt): boolean {
  const count = countOf(attempt);
  return count > 1 && count <= MAX_ITEMS_OF_ONE;
}

function countOf({ change }: Attempt): number {
  return change === undefined ? 0 : itemCountOf(change);
}
