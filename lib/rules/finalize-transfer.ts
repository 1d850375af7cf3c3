/** FinalizeTransfer (SMP 2.1, section 3): commits or dismisses a prepared transfer, and releases its lock in any case. */

import { DEMURRAGE_RATE } from '../protocol/constants.ts';
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
import { isSameCoordinatorRequest } from './prepare-transfer.ts';
import { APPLIED, ignored, type Snapshot, type Step } from './snapshot.ts';
import { expiryOf, type Preparation, type Transfer } from './transfer.ts';

export function finalizeTransfer(snapshot: Snapshot, message: FinalizeTransfer, now: Timestamp): Step {
  const transfer = snapshot.records.get(message.transferId);
  if (
    transfer?.kind !== 'transfer' ||
    transfer.status !== 'prepared' ||
    !isSameCoordinatorRequest(transfer, message)
  ) {
    return ignored('no such prepared transfer');
  }
  const { preparation } = transfer;
  if (snapshot.account === undefined || preparation === undefined) {
    throw new BrokenInvariantError('a prepared transfer has a living sender and a lock', snapshot.key);
  }
  // From here on it succeeds: the lock is gone, and only what becomes of the amount is left to decide.
  const unlocked = unlock(snapshot.account, preparation);
  const statusCode = decideStatus(unlocked, preparation, message.committedAmount, now);
  const committedAmount = statusCode === 'OK' ? message.committedAmount : 0n;
  const finalized: Transfer = {
    ...transfer,
    finalization: {
      statusCode,
      committedAmount,
      totalLockedAmount: unlocked.totalLockedAmount,
      finalizedAt: now,
    },
  };
  return committedAmount === 0n
    ? {
        account: unlocked,
        record: { ...finalized, status: 'dismissed', expiresAt: expiryOf(now) },
        outcome: APPLIED,
      }
    : pay(unlocked, finalized, message, now);
}

function unlock(account: Account, { lockedAmount }: Preparation): Account {
  return {
    ...account,
    totalLockedAmount: account.totalLockedAmount - lockedAmount,
    pendingTransfersCount: account.pendingTransfersCount - 1,
  };
}

/** The first status that applies, in the specification's order; `sender` is the account after unlocking. */
function decideStatus(
  sender: Account,
  preparation: Preparation,
  committedAmount: bigint,
  now: Timestamp,
): FinalizationStatus {
  if (committedAmount === 0n) {
    return 'OK';
  }
  if (now > preparation.deadline) {
    return 'TIMEOUT';
  }
  if (sender.lastInterestRateChangeTs > preparation.finalInterestRateTs) {
    return 'NEWER_INTEREST_RATE';
  }
  const isExpendable = committedAmount <= spendableAmount(sender, now);
  return isExpendable || isReserved(sender, preparation, committedAmount, now)
    ? 'OK'
    : 'INSUFFICIENT_AVAILABLE_AMOUNT';
}

/** Whether the lock alone still covers the amount, shrunk by demurrage except where the sender is a root account. */
function isReserved(
  sender: Account,
  preparation: Preparation,
  committedAmount: bigint,
  now: Timestamp,
): boolean {
  const { lockedAmount, preparedAt } = preparation;
  return (
    committedAmount <= lockedAmount &&
    (isRootAccount(sender) ||
      coversAfterDemurrage(lockedAmount, committedAmount, DEMURRAGE_RATE, secondsBetween(preparedAt, now)))
  );
}

function pay(sender: Account, transfer: Transfer, message: FinalizeTransfer, now: Timestamp): Step {
  const { committedAmount, transferNote, transferNoteFormat } = message;
  const debited = addToPrincipal(changeAccount(sender, now), -committedAmount);
  const { account, entry } = addLedgerEntry(debited, message.coordinatorType, -committedAmount, now);
  return {
    account: announceAccountLater(account, now),
    record: {
      ...transfer,
      status: 'committed',
      payment: {
        amount: committedAmount,
        committedAt: now,
        note: transferNote,
        noteFormat: transferNoteFormat,
        senderEntry: entry,
      },
    },
    outcome: APPLIED,
  };
}
