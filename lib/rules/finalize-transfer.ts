/** FinalizeTransfer (SMP 2.1, section 3): commits or dismisses a prepared transfer, and releases its lock in any case. */

import { DEMURRAGE_RATE } from '../protocol/constants.ts';
import { greaterOf } from '../protocol/integers.ts';
import type { FinalizeTransfer } from '../protocol/messages.ts';
import type { FinalizationStatus } from '../protocol/status-codes.ts';
import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import {
  type Account,
  addToPrincipal,
  announceAccountLater,
  changeAccount,
  isRootAccount,
} from './account.ts';
import { spendableAmount } from './availability.ts';
import { BrokenInvariantError } from './errors.ts';
import { coversAfterDemurrage } from './interest.ts';
import { addLedgerEntry } from './ledger.ts';
import type { Circumstances } from './settings.ts';
import { APPLIED, ignored, type Snapshot, type Step } from './snapshot.ts';
import {
  hasStatus,
  isSameCoordinatorRequest,
  type Payment,
  type Preparation,
  transferExpiry,
} from './transfer.ts';

export function finalizeTransfer(
  snapshot: Snapshot,
  message: FinalizeTransfer,
  { now, settings }: Circumstances,
): Step {
  const transfer = snapshot.records.get(message.transferId);
  if (!hasStatus(transfer, 'prepared') || !isSameCoordinatorRequest(transfer.request, message)) {
    return ignored('no such prepared transfer');
  }
  if (snapshot.account === undefined) {
    throw new BrokenInvariantError('a prepared transfer has a living sender', snapshot.key);
  }
  // From here on it succeeds: the lock is released, whatever becomes of the amount.
  const at = greaterOf(now, transfer.preparation.preparedAt);
  const sender = unlock(snapshot.account, transfer.preparation);
  const statusCode = decideStatus(sender, transfer.preparation, { amount: message.committedAmount, at });
  const committedAmount = statusCode === 'OK' ? message.committedAmount : 0n;
  const { totalLockedAmount } = sender;
  const finalization = { statusCode, committedAmount, totalLockedAmount, finalizedAt: at };
  if (committedAmount === 0n) {
    return {
      account: sender,
      record: {
        ...transfer,
        status: 'dismissed',
        finalization,
        expiresAt: transferExpiry(transfer, at, settings),
      },
      outcome: APPLIED,
    };
  }
  const { account, payment } = pay(sender, { amount: committedAmount, at }, message);
  return {
    account,
    record: { ...transfer, status: 'committed', finalization, payment },
    outcome: APPLIED,
  };
}

function unlock(account: Account, { lockedAmount }: Preparation): Account {
  return {
    ...account,
    totalLockedAmount: account.totalLockedAmount - lockedAmount,
    pendingTransfersCount: account.pendingTransfersCount - 1,
  };
}

/** An amount that is to be committed at a moment. */
interface Commitment {
  readonly amount: bigint;
  readonly at: Timestamp;
}

/** The first status that applies, in the specification's order; `sender` is the account after unlocking. */
function decideStatus(
  sender: Account,
  preparation: Preparation,
  { amount, at }: Commitment,
): FinalizationStatus {
  if (amount === 0n) {
    return 'OK';
  }
  if (at > preparation.deadline) {
    return 'TIMEOUT';
  }
  if (sender.lastInterestRateChangeTs > preparation.finalInterestRateTs) {
    return 'NEWER_INTEREST_RATE';
  }
  const isExpendable = amount <= spendableAmount(sender, at);
  return isExpendable || isReserved(sender, preparation, { amount, at })
    ? 'OK'
    : 'INSUFFICIENT_AVAILABLE_AMOUNT';
}

/** Whether the lock alone still covers the amount, shrunk by demurrage except where the sender is a root account. */
function isReserved(sender: Account, preparation: Preparation, { amount, at }: Commitment): boolean {
  const { lockedAmount, preparedAt } = preparation;
  const seconds = secondsBetween(preparedAt, at);
  return (
    amount <= lockedAmount &&
    (isRootAccount(sender) || coversAfterDemurrage({ lockedAmount, rate: DEMURRAGE_RATE, seconds }, amount))
  );
}

function pay(
  sender: Account,
  { amount, at }: Commitment,
  { coordinatorType, transferNote, transferNoteFormat }: FinalizeTransfer,
): { readonly account: Account; readonly payment: Payment } {
  const debited = addToPrincipal(changeAccount(sender, at), -amount);
  const acquired = { coordinatorType, acquiredAmount: -amount, committedAt: at };
  const { account, entry: senderEntry } = addLedgerEntry(debited, acquired);
  return {
    account: announceAccountLater(account, at),
    payment: { amount, committedAt: at, note: transferNote, noteFormat: transferNoteFormat, senderEntry },
  };
}
