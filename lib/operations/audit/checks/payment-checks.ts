/** What must be true of the payment within one transfer: its amount, its moment, and its places in the two ledgers. */

import { ROOT_CREDITOR_ID } from '../../../protocol/constants.ts';
import { printTimestamp } from '../../../protocol/timestamps.ts';
import { isRootAccount } from '../../../rules/account.ts';
import type { Transfer } from '../../../rules/transfer.ts';
import { type Fault, faultsOf } from './checks.ts';

/** A payment is what was finalized, and was so in time (SMP 2.1, FinalizeTransfer). */
export function commitFaults({ payment, preparation, finalization }: Transfer): Fault[] {
  if (payment === undefined || finalization === undefined) {
    return [];
  }
  const { statusCode, committedAmount, finalizedAt } = finalization;
  return faultsOf('transfer-steps', [
    statusCode !== 'OK' && `it was paid, yet finalized with ${statusCode}`,
    committedAmount !== payment.amount &&
      `its committed amount is ${committedAmount}, yet ${payment.amount} was paid`,
    payment.amount <= 0n && `it paid ${payment.amount}`,
    finalizedAt !== payment.committedAt &&
      `it was finalized at ${printTimestamp(finalizedAt)}, yet committed at ${printTimestamp(payment.committedAt)}`,
    preparation !== undefined &&
      finalizedAt > preparation.deadline &&
      `it was committed at ${printTimestamp(finalizedAt)}, after its deadline ${printTimestamp(preparation.deadline)}`,
  ]);
}

/** Payments of type `interest` and `delete` are between an ordinary account and its root account (SMP 2.1, sections 5 and 7). */
export function ownPaymentFaults({ sender, recipientId, request, payment }: Transfer): Fault[] {
  const { coordinatorType, coordinatorId, coordinatorRequestId } = request;
  return faultsOf('transfer-steps', [
    isRootAccount(sender) && `it is of type ${coordinatorType}, yet belongs to a root account`,
    recipientId !== ROOT_CREDITOR_ID && `it is of type ${coordinatorType}, yet not paid to the root account`,
    payment?.amount === 0n && 'it paid 0',
    (coordinatorId !== 0n || coordinatorRequestId !== 0n) &&
      'it has a coordinator, which it can have none of',
  ]);
}

/**
 * Root accounts have no ledger; ordinary accounts have an entry for whatever they lose. What they gain may have been
 * negligible to them at that time, which nobody can tell later, except for transfers of type `agent`.
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
