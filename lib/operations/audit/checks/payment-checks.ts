/** What must be true of the payment in one transfer: its amount, its time, and its places in the two ledgers. */

import { ROOT_CREDITOR_ID } from '../../../protocol/constants.ts';
import { printTimestamp } from '../../../protocol/timestamps.ts';
import { isRootAccount } from '../../../rules/account.ts';
import type { Transfer } from '../../../rules/transfer.ts';
import { type Fault, faultsOf } from './checks.ts';

/** A payment has the amount and the time of its finalization, which came before the deadline (SMP 2.1, FinalizeTransfer). */
export function commitFaults({ payment, preparation, finalization }: Transfer): Fault[] {
  if (payment === undefined || finalization === undefined) {
    return [];
  }
  const { statusCode, committedAmount, finalizedAt } = finalization;
  return faultsOf('transfer-steps', [
    statusCode !== 'OK' && `it was paid, but finalized with ${statusCode}`,
    committedAmount !== payment.amount &&
      `its committed amount is ${committedAmount}, but ${payment.amount} was paid`,
    payment.amount <= 0n && `it paid ${payment.amount}`,
    finalizedAt !== payment.committedAt &&
      `it was finalized at ${printTimestamp(finalizedAt)}, but committed at ${printTimestamp(payment.committedAt)}`,
    preparation !== undefined &&
      finalizedAt > preparation.deadline &&
      `it was committed at ${printTimestamp(finalizedAt)}, after its deadline ${printTimestamp(preparation.deadline)}`,
  ]);
}

/** Payments of type `interest` and `delete` are between an ordinary account and its root account (SMP 2.1, sections 5 and 7). */
export function ownPaymentFaults({ sender, recipientId, request, payment }: Transfer): Fault[] {
  const { coordinatorType, coordinatorId, coordinatorRequestId } = request;
  return faultsOf('transfer-steps', [
    isRootAccount(sender) && `it is of type ${coordinatorType}, but belongs to a root account`,
    recipientId !== ROOT_CREDITOR_ID && `it is of type ${coordinatorType}, but not paid to the root account`,
    payment?.amount === 0n && 'it paid 0',
    (coordinatorId !== 0n || coordinatorRequestId !== 0n) &&
      'it has a coordinator, which such a payment never has',
  ]);
}

/**
 * Root accounts have no ledger. Ordinary accounts have an entry for each loss, and for each gain from a transfer of type
 * `agent`. Other gains may have been negligible at that time, which can't be checked later.
 */
export function entryFaults({ sender, recipientId, request, payment, credit }: Transfer): Fault[] {
  if (payment === undefined) {
    return [];
  }
  const isFromRoot = isRootAccount(sender);
  const isToRoot = recipientId === ROOT_CREDITOR_ID;
  const isNeverNegligible = (acquiredAmount: bigint): boolean =>
    acquiredAmount < 0n || request.coordinatorType === 'agent';
  return faultsOf('transfer-steps', [
    isFromRoot && payment.senderEntry !== undefined && 'it has an entry in the ledger of a root account',
    !isFromRoot &&
      payment.senderEntry === undefined &&
      isNeverNegligible(-payment.amount) &&
      "it has no entry in its sender's ledger",
    isToRoot && credit?.recipientEntry !== undefined && 'it has an entry in the ledger of a root account',
    !isToRoot &&
      credit !== undefined &&
      credit.recipientEntry === undefined &&
      isNeverNegligible(payment.amount) &&
      "it has no entry in its recipient's ledger",
  ]);
}
