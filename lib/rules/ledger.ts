/** The numbering of an account's transfers, from which clients rebuild its ledger (SMP 2.1, AccountTransfer). */

import type { Timestamp } from '../protocol/timestamps.ts';
import { type Account, isRootAccount } from './account.ts';
import { isNegligible, type LedgerEntry } from './transfer.ts';

/**
 * Gives the transfer that has just changed the account's principal its place in the account's ledger; no place where
 * no AccountTransfer is due: root accounts never have one, incoming negligible transfers neither.
 */
export function addLedgerEntry(
  account: Account,
  coordinatorType: string,
  acquiredAmount: bigint,
  committedAt: Timestamp,
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
