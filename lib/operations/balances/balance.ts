/** What one account has, as all tools of operators tell it. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import { type Account, type AccountKey, isScheduledForDeletion } from '../../rules/account.ts';
import { spendableAmount } from '../../rules/availability.ts';
import { currentInterest } from '../../rules/interest.ts';

export interface Balance extends AccountKey {
  readonly principal: bigint;
  /** Accumulated until the account was read, and not yet in the principal: a double, as text. */
  readonly interest: string;
  readonly totalLockedAmount: bigint;
  /**
   * How much more may be locked or spent: floor(principal + interest) − total locked amount, and for a root account what
   * it may still issue. May be negative.
   */
  readonly availableAmount: bigint;
  /** What was cut off where the principal would have left int64; 0 for almost every account. */
  readonly clippedAmount: bigint;
  readonly state: 'open' | 'scheduled for deletion' | 'deleted';
}

/** The order in SQL of a currency's accounts: the root account first, then the others by their account IDs, which are unsigned. */
export const ACCOUNT_ORDER = 'creditorId < 0, creditorId';

export function balanceOf(account: Account, now: Timestamp): Balance {
  const { debtorId, creditorId, principal, totalLockedAmount, clippedAmount } = account;
  return {
    ...{ debtorId, creditorId, principal, totalLockedAmount, clippedAmount },
    interest: String(currentInterest(account, now)),
    availableAmount: spendableAmount(account, now),
    state: stateOf(account),
  };
}

function stateOf(account: Account): Balance['state'] {
  if (account.deletedAt !== undefined) {
    return 'deleted';
  }
  return isScheduledForDeletion(account) ? 'scheduled for deletion' : 'open';
}
