/** The one loop that changes an account: load, decide, commit, and begin again after a lost race. */

import type { Account } from '../rules/account.ts';
import { CommitConflictError } from '../storage/errors.ts';
import { type Change, itemCountOf } from '../storage/ledger-store.ts';
import type { Invocation } from './invocation.ts';
import { withRetries } from './retry.ts';
import { measured } from './telemetry.ts';

/** What was decided: a change of one account, which may be no change at all. Users add what they want to know of it. */
export interface Decided {
  readonly change: Change;
}

export interface AccountWork<State, D extends Decided> {
  /** A decision for the first attempt, when the account was read together with others. */
  readonly decided?: D | undefined;
  /**
   * Reads what `decide` needs. The `first` attempt may use what is known already or cheap to read, since the conditions of
   * its write notice what has changed meanwhile; `again` means that they did.
   */
  readonly load: (time: 'first' | 'again') => Promise<State>;
  readonly decide: (state: State) => D;
  /** Set where a lost race means that the work is done: somebody else did it, or it is no longer due. */
  readonly endsWithLostRace?: boolean;
}

export interface Result<D extends Decided> {
  /** What took effect. */
  readonly decided: D;
  /** The account as it is now stored, so that a further change of it needs no read. */
  readonly account: Account | undefined;
  /** `false` when a lost race has ended the work. */
  readonly isCommitted: boolean;
}

/**
 * Writes nothing where nothing changes.
 * @throws what loading and deciding throw, and what still fails after all retries
 */
export function decideAndCommit<State, D extends Decided>(
  work: AccountWork<State, D>,
  invocation: Invocation,
): Promise<Result<D>> {
  const { telemetry } = invocation;
  const attempt = async (number: number): Promise<Result<D>> => {
    const decided =
      number === 0 && work.decided !== undefined
        ? work.decided
        : await loadAndDecide(work, number === 0 ? 'first' : 'again', invocation);
    try {
      return { decided, account: await commit(decided.change, invocation), isCommitted: true };
    } catch (error) {
      if (work.endsWithLostRace && error instanceof CommitConflictError) {
        telemetry.count('Conflicts');
        return { decided, account: undefined, isCommitted: false };
      }
      throw error;
    }
  };
  return withRetries(attempt, invocation);
}

async function loadAndDecide<State, D extends Decided>(
  { load, decide }: AccountWork<State, D>,
  time: 'first' | 'again',
  { telemetry }: Invocation,
): Promise<D> {
  const state = await measured(telemetry, 'Load', () => load(time));
  return measured(telemetry, 'Decide', () => decide(state));
}

async function commit(change: Change, { store, telemetry }: Invocation): Promise<Account | undefined> {
  if (itemCountOf(change) === 0) {
    return change.before;
  }
  const account = await measured(telemetry, 'Commit', () => store.commit(change));
  telemetry.count('Commits');
  return account;
}
