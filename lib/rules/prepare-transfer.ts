/** PrepareTransfer (SMP 2.1, section 3): locks an amount on the sender's account, or says why not. */

import { agentOf, parseAccountId } from '../protocol/account-ids.ts';
import { MAX_PENDING_TRANSFERS } from '../protocol/constants.ts';
import { MAX_INT64 } from '../protocol/integers.ts';
import type { PrepareTransfer } from '../protocol/messages.ts';
import type { RejectionStatus } from '../protocol/status-codes.ts';
import { addSeconds, type Timestamp } from '../protocol/timestamps.ts';
import { type Account, livingAccount } from './account.ts';
import { spendableAmount } from './availability.ts';
import type { Settings } from './settings.ts';
import { APPLIED, ignored, type Snapshot, type Step } from './snapshot.ts';
import { expiryOf, type Transfer, type TransferRecord } from './transfer.ts';
import { transferIdOf } from './transfer-ids.ts';

export function prepareTransfer(
  snapshot: Snapshot,
  message: PrepareTransfer,
  now: Timestamp,
  settings: Settings,
): Step {
  const transferId = transferIdOf(message);
  const known = snapshot.records.get(transferId);
  if (known !== undefined) {
    return isSameRequest(known, message)
      ? ignored('request handled before')
      : { outcome: { kind: 'refused', reason: `transfer ID ${transferId} is taken by another request` } };
  }
  const sender = livingAccount(snapshot.account);
  const statusCode = checkParties(snapshot, sender, message) ?? checkSender(sender, message, now);
  if (statusCode !== undefined || sender === undefined) {
    return reject(snapshot, transferId, message, statusCode ?? 'SENDER_IS_UNREACHABLE', now);
  }
  // From here on it succeeds.
  return lock(sender, transferId, message, now, settings);
}

/** Checks 1 to 3 of the specification's list: who pays whom. */
function checkParties(
  { isReachable }: Snapshot,
  sender: Account | undefined,
  message: PrepareTransfer,
): RejectionStatus | undefined {
  const recipientId = parseAccountId(message.recipient);
  const isAgent = message.coordinatorType === 'agent';
  if (recipientId === undefined || !(isAgent || isReachable(recipientId))) {
    return 'RECIPIENT_IS_UNREACHABLE';
  }
  if (sender === undefined) {
    return 'SENDER_IS_UNREACHABLE';
  }
  return isAgent && agentOf(recipientId) !== agentOf(sender.creditorId)
    ? 'RECIPIENT_IS_UNREACHABLE'
    : undefined;
}

/** Checks 4 to 7: whether the sender's account allows it. */
function checkSender(
  sender: Account | undefined,
  message: PrepareTransfer,
  now: Timestamp,
): RejectionStatus | undefined {
  if (sender === undefined) {
    return 'SENDER_IS_UNREACHABLE';
  }
  if (sender.pendingTransfersCount >= MAX_PENDING_TRANSFERS) {
    return 'TOO_MANY_TRANSFERS';
  }
  if (parseAccountId(message.recipient) === sender.creditorId) {
    return 'RECIPIENT_SAME_AS_SENDER';
  }
  if (sender.lastInterestRateChangeTs > message.finalInterestRateTs) {
    return 'NEWER_INTEREST_RATE';
  }
  return expendableAmount(sender, message, now) < message.minLockedAmount
    ? 'INSUFFICIENT_AVAILABLE_AMOUNT'
    : undefined;
}

/**
 * max(0, min(max_locked_amount, available amount − minimal balance)), and never so much that the total locked amount
 * leaves int64: interest, or money paid back to a root account, can make more available (SMP 2.1, section 5, sums).
 */
function expendableAmount(sender: Account, { maxLockedAmount }: PrepareTransfer, now: Timestamp): bigint {
  const expendable = lesserOf(maxLockedAmount, spendableAmount(sender, now));
  const bounded = lesserOf(expendable, MAX_INT64 - sender.totalLockedAmount);
  return bounded > 0n ? bounded : 0n;
}

function lesserOf(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function lock(
  sender: Account,
  transferId: bigint,
  message: PrepareTransfer,
  now: Timestamp,
  settings: Settings,
): Step {
  const lockedAmount = expendableAmount(sender, message, now);
  const latest = addSeconds(message.ts, message.maxCommitDelay);
  const commitPeriodEnd = addSeconds(now, settings.commitPeriodSeconds);
  return {
    account: {
      ...sender,
      totalLockedAmount: sender.totalLockedAmount + lockedAmount,
      pendingTransfersCount: sender.pendingTransfersCount + 1,
    },
    record: {
      ...newTransfer(sender, transferId, message),
      status: 'prepared',
      preparation: {
        lockedAmount,
        preparedAt: now,
        deadline: latest < commitPeriodEnd ? latest : commitPeriodEnd,
        finalInterestRateTs: message.finalInterestRateTs,
        announcedAt: now,
      },
      expiresAt: undefined,
    },
    outcome: APPLIED,
  };
}

function reject(
  { key, account }: Snapshot,
  transferId: bigint,
  message: PrepareTransfer,
  statusCode: RejectionStatus,
  now: Timestamp,
): Step {
  const totalLockedAmount = livingAccount(account)?.totalLockedAmount ?? 0n;
  return {
    record: {
      ...newTransfer(key, transferId, message),
      status: 'rejected',
      rejection: { statusCode, totalLockedAmount, rejectedAt: now },
      expiresAt: expiryOf(now),
    },
    outcome: { kind: 'rejected', reason: statusCode },
  };
}

function newTransfer(
  sender: { debtorId: bigint; creditorId: bigint },
  transferId: bigint,
  message: PrepareTransfer,
) {
  const { coordinatorType, coordinatorId, coordinatorRequestId } = message;
  return {
    kind: 'transfer' as const,
    sender: { debtorId: sender.debtorId, creditorId: sender.creditorId },
    transferId,
    request: { coordinatorType, coordinatorId, coordinatorRequestId },
    requestTs: message.ts,
    // A rejected request may name no account at all; nothing is ever sent to its recipient.
    recipientId: parseAccountId(message.recipient) ?? 0n,
  };
}

function isSameRequest(known: TransferRecord, message: PrepareTransfer): boolean {
  return (
    known.kind === 'transfer' && known.requestTs === message.ts && isSameCoordinatorRequest(known, message)
  );
}

/** Whether the transfer was requested under the coordinator triple that the message names. */
export function isSameCoordinatorRequest(
  { request }: Transfer,
  { coordinatorType, coordinatorId, coordinatorRequestId }: Transfer['request'],
): boolean {
  return (
    request.coordinatorType === coordinatorType &&
    request.coordinatorId === coordinatorId &&
    request.coordinatorRequestId === coordinatorRequestId
  );
}
