/**
 * First attempts for several accounts in one transaction, since most of the cost of a small change is the call. Each account's
 * change has the conditions that it would have alone. After a lost race the accounts that lost it are decided anew and changed alone;
 * the others are tried together once more. So a busy account costs the others an attempt and nothing else.
 */

import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { CommitConflictError } from '../storage/errors.ts';
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
      const failed = await this.#commitMost(
        together.flatMap(({ change }) => change ?? []),
        tools,
      );
      return mapConcurrently(together, RETRIED_AT_ONCE, (attempt) =>
        attempt.change !== undefined && failed.has(attempt.change)
          ? handlers.changeAlone(attempt, 'failed')
          : Promise.resolve(handlers.committed(attempt)),
      );
    });
    return results.flat();
  }

  /**
   * Those that did not lose the race are as they were decided, most likely, and go together once more.
   * @returns the changes that are not committed
   */
  async #commitMost(changes: readonly Change[], tools: CommitTools): Promise<ReadonlySet<Change>> {
    const failed = await this.tryCommit(changes, tools);
    const others = changes.filter((change) => !failed.has(change));
    if (failed.size === 0 || others.length === 0) {
      return failed;
    }
    const failedAgain = await this.tryCommit(others, tools);
    return new Set([...failed, ...(failedAgain.size === 0 ? [] : others)]);
  }

  /** The attempts of each transaction. Those alone in theirs cost no more alone, or would lose races for the others. */
  arrange<T extends Attempt>(attempts: readonly T[]): readonly (readonly T[])[] {
    const alone = attempts.filter((attempt) => !canBeTogether(attempt)).map((attempt) => [attempt]);
    const together = inRuns(attempts.filter(canBeTogether), countOf, { maxSize: this.#maxItems });
    return [...alone, ...together];
  }

  /**
   * Commits all of the changes or none.
   * @returns none when they are committed; otherwise those that are to be decided anew: those that lost a race, or all after any
   *   other failure
   */
  async tryCommit(
    changes: readonly Change[],
    { store, telemetry }: CommitTools,
  ): Promise<ReadonlySet<Change>> {
    try {
      await measured(telemetry, 'Commit', () => store.commitTogether(changes));
      telemetry.count('Commits');
      this.#maxItems = Math.min(MAX_ITEMS_TOGETHER, this.#maxItems + GROWTH);
      return new Set();
    } catch (error) {
      // Any other error recurs when its account is changed alone, and is reported there.
      if (countFailure(error, telemetry) !== undefined) {
        this.#maxItems = Math.max(MAX_ITEMS_OF_ONE, Math.floor(this.#maxItems / 2));
      }
      telemetry.count('Retries', changes.length);
      const lost = error instanceof CommitConflictError ? changesOf(changes, error.accounts) : changes;
      return new Set(lost);
    }
  }
}

/** All of them where none is of these accounts. */
function changesOf(changes: readonly Change[], accounts: readonly AccountKey[]): readonly Change[] {
  const keys = new Set(accounts.map(printAccountKey));
  const found = changes.filter(({ key }) => keys.has(printAccountKey(key)));
  return found.length === 0 ? changes : found;
}

/** A single item needs no transaction, and costs half as much without. */
function canBeTogether(attempt: Attempt): boolean {
  const count = countOf(attempt);
  return count > 1 && count <= MAX_ITEMS_OF_ONE;
}

function countOf({ change }: Attempt): number {
  return change === undefined ? 0 : itemCountOf(change);
}
