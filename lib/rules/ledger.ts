/** The numbering of an account's transfers, from which clients rebuild its ledger (SMP 2.1, AccountTransfer). */

import type { Timestamp } from '../protocol/timestamps.ts';
import { type Account, isRootAccount } from './account.ts';
import { isNegligible, type LedgerEntry } from './transfer.ts';

/** A change of an account's principal; `acquiredAmount` is negative where the account paid. */
interface Acquisition {
  readonly coordinatorType: string;
  readonly acquiredAmount: bigint;
  readonly committedAt: Timestamp;
}

/**
 * Numbers the transfer that has just changed the account's principal. Without an entry are those that no AccountTransfer
 * is due for: all transfers of root accounts, and incoming negligible ones.
 */
export function addLedgerEntry(
  account: Account,
  { coordinatorType, acquiredAmount, committedAt }: Acquisition,
): { readonly account: Account; readonly entry: LedgerEntry | undefined } {
  if (isRootAccount(account) || isNegligible(account, coordinatorType, acquiredAmount)) {
    return { account, entry: undefined };
  }
  const transferNumber = account.lastTransferNumber + 1n;
  return {
    account: { ...account, lastTransferNumber: transferNumber, lastTransferCommittedAt: committedAt },
    entry: { creationDate: account.creationDate, transferNumber, principal: account.principal },
  };
}
