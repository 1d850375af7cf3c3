/** Payments that this server makes by itself, between an account and its root account: of type `interest` and `delete`. */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { type Account, addToPrincipal } from './account.ts';
import { addLedgerEntry } from './ledger.ts';
import type { Transfer } from './transfer.ts';
import { ownPaymentIdOf } from './transfer-ids.ts';

/**
 * Moves `amount` from the root account into the account's principal; a negative amount, the other way. The root account
 * is credited with the opposite amount later.
 * @param account as it is after `changeAccount`, whose `lastChangeTs` is the moment of the payment
 */
export function payFromRoot(
  account: Account,
  coordinatorType: 'interest' | 'delete',
  amount: bigint,
): { readonly account: Account; readonly payment: Transfer<'committed'> } {
  const committedAt = account.lastChangeTs;
  const acquired = { coordinatorType, acquiredAmount: amount, committedAt };
  const paid = addLedgerEntry(addToPrincipal(account, amount), acquired);
  return {
    account: paid.account,
    payment: {
      kind: 'transfer',
      sender: { debtorId: account.debtorId, creditorId: account.creditorId },
      transferId: ownPaymentIdOf(account, coordinatorType, account.version),
      status: 'committed',
      request: { coordinatorType, coordinatorId: 0n, coordinatorRequestId: 0n },
      requestTs: committedAt,
      recipientId: ROOT_CREDITOR_ID,
      payment: { amount: -amount, committedAt, note: '', noteFormat: '', senderEntry: paid.entry },
      expiresAt: undefined,
    },
  };
}
