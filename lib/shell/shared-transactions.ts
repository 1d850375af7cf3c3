/**
 * First attempts for several accounts in one transaction, since most of the cost of a small change is the call. Each account's
 * change has the conditions that it would have alone. After a failure each account is decided anew and changed alone, so a
 * busy account costs the others their first attempt and nothing else.
 */

import type { Account } from '../rules/account.ts';
import { type Change, itemCountOf, type LedgerStore } from '../storage/ledger-store.ts';
import { inRuns, mapConcurrently } from './concurrency.ts';
import { countFailure } from './retry.ts';
import { measured, type Telemetry } from './telemetry.ts';

/** Beyond so many items the call itself is a small share of the cost, and a lost race wastes more writes. */
const MAX_ITEMS_TOGETHER = 33;
/** An account with more items than this is likely to be busy. The others should not lose races together with it. */
const MAX_ITEMS_OF_ONE = 8;
/** Few, so that a few failed transactions do not take all connections. */
const RETRIED_AT_ONCE = 4;
/** By how many items transactions grow after a success. A lost race halves them. */
const GROWTH = 2;
/** For one run of groups: enough to hide the latency of a commit, few enough for one connection pool. */
const COMMITS_AT_ONCE = 16;

/** A first attempt to change an account. */
export interface Attempt {
  /** `undefined` when the account has to be read first, or can't be changed in one transaction. */
  readonly change: Change | undefined;
}

export interface CommitTools {
  readonly store: LedgerStore;
  readonly telemetry: Telemetry;
}

/** What becomes of an attempt. */
export interface AttemptHandlers<T, R> {
  /** Called when it was committed together with others. */
  readonly committed: (attempt: T) => R;
  /** Goes on alone, with the attempt's change when it is `untried`, and after it `failed` with others from a new read. */
  readonly changeAlone: (attempt: T, state: 'untried' | 'failed') => Promise<R>;
}

/**
 * Makes transactions smaller while races are lost: the larger a transaction, the likelier that one of its accounts was
 * changed meanwhile, which wastes all its writes. All invocations of a function share one.
 */
export class SharedTransactions {
  #maxItems = MAX_ITEMS_TOGETHER;

  /** Commits attempts together where that saves calls. */
  async run<T extends Attempt, R>(
    attempts: readonly T[],
    tools: CommitTools,
    handlers: AttemptHandlers<T, R>,
  ): Promise<R[]> {
    const results = await mapConcurrently(this.arrange(attempts), COMMITS_AT_ONCE, async (together) => {
      const [first, ...others] = together;
      if (first !== undefined && others.length === 0) {
        return [await handlers.changeAlone(first, 'untried')];
      }
      const changes = together.flatMap(({ change }) => change ?? []);
      const accounts = await this.tryCommit(changes, tools);
      return accounts === undefined
        ? mapConcurrently(together, RETRIED_AT_ONCE, (attempt) => handlers.changeAlone(attempt, 'failed'))
        : together.map(handlers.committed);
    });
    return results.flat();
  }

  /** The attempts of each transaction. Those alone in theirs cost no more alone, or would lose races for the others. */
  arrange<T extends Attempt>(attempts: readonly T[]): readonly (readonly T[])[] {
    const alone = attempts.filter((attempt) => !canBeTogether(attempt)).map((attempt) => [attempt]);
    const together = inRuns(attempts.filter(canBeTogether), countOf, { maxSize: this.#maxItems });
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
      // Any other error recurs when its account is changed alone, and is reported there.
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
