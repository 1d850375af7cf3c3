/** PrepareTransfer (SMP 2.1, section 3): locks an amount on the sender's account, or says why not. */

import { agentOf, parseAccountId } from '../protocol/account-ids.ts';
import { MAX_PENDING_TRANSFERS } from '../protocol/constants.ts';
import { lesserOf, MAX_INT64 } from '../protocol/integers.ts';
import type { PrepareTransfer } from '../protocol/messages.ts';
import type { RejectionStatus } from '../protocol/status-codes.ts';
import { addSeconds, type Timestamp } from '../protocol/timestamps.ts';
import { type Account, livingAccount } from './account.ts';
import { spendableAmount } from './availability.ts';
import type { Circumstances } from './settings.ts';
import { APPLIED, ignored, type Snapshot, type Step } from './snapshot.ts';
import {
  isOlderThanRecords,
  isSameCoordinatorRequest,
  type Preparation,
  type TransferRecord,
  transferExpiry,
} from './transfer.ts';
import { transferIdOf } from './transfer-ids.ts';

/** The message, with its recipient as a creditor ID; `undefined` where the text is no account ID. */
type Request = PrepareTransfer & { readonly recipientId: bigint | undefined };

export function prepareTransfer(
  snapshot: Snapshot,
  message: PrepareTransfer,
  circumstances: Circumstances,
): Step {
  const { now, settings } = circumstances;
  const transferId = transferIdOf(message);
  const known = snapshot.records.get(transferId);
  if (known !== undefined) {
    return isSameRequest(known, message)
      ? ignored('request handled before')
      : { outcome: { kind: 'refused', reason: `transfer ID ${transferId} is taken by another request` } };
  }
  const request = { ...message, recipientId: parseAccountId(message.recipient) };
  const transfer = newTransfer(transferId, request);
  const checked = check(snapshot, request, circumstances);
  if (typeof checked === 'string') {
    const totalLockedAmount = livingAccount(snapshot.account)?.totalLockedAmount ?? 0n;
    const rejection = { statusCode: checked, totalLockedAmount, rejectedAt: now };
    return {
      record: {
        ...transfer,
        status: 'rejected',
        rejection,
        expiresAt: transferExpiry(transfer, now, settings),
      },
      outcome: { kind: 'rejected', reason: checked },
    };
  }
  // From here on it succeeds.
  const { sender, lockedAmount } = checked;
  const preparation = newPreparation(message, lockedAmount, circumstances);
  return {
    account: {
      ...sender,
      totalLockedAmount: sender.totalLockedAmount + lockedAmount,
      pendingTransfersCount: sender.pendingTransfersCount + 1,
    },
    record: { ...transfer, status: 'prepared', preparation, expiresAt: undefined },
    outcome: APPLIED,
  };
}

/**
 * What may be locked on whose account; or the status code of the specification's first check that fails. A request so old that
 * the record of an earlier copy may be gone comes first: it must not lock again, whatever else is true of it.
 */
function check(
  { account, isReachable }: Snapshot,
  request: Request,
  { now, settings }: Circumstances,
): { readonly sender: Account; readonly lockedAmount: bigint } | RejectionStatus {
  const { recipientId } = request;
  const isAgent = request.coordinatorType === 'agent';
  if (isOlderThanRecords(request.ts, now, settings)) {
    return 'TIMEOUT';
  }
  if (recipientId === undefined || !(isAgent || isReachable(recipientId))) {
    return 'RECIPIENT_IS_UNREACHABLE';
  }
  const sender = livingAccount(account);
  if (sender === undefined) {
    return 'SENDER_IS_UNREACHABLE';
  }
  if (isAgent && agentOf(recipientId) !== agentOf(sender.creditorId)) {
    return 'RECIPIENT_IS_UNREACHABLE';
  }
  if (sender.pendingTransfersCount >= MAX_PENDING_TRANSFERS) {
    return 'TOO_MANY_TRANSFERS';
  }
  if (recipientId === sender.creditorId) {
    return 'RECIPIENT_SAME_AS_SENDER';
  }
  if (sender.lastInterestRateChangeTs > request.finalInterestRateTs) {
    return 'NEWER_INTEREST_RATE';
  }
  const lockedAmount = expendableAmount(sender, request, now);
  return lockedAmount < request.minLockedAmount ? 'INSUFFICIENT_AVAILABLE_AMOUNT' : { sender, lockedAmount };
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

function newPreparation(
  { ts, maxCommitDelay, finalInterestRateTs }: PrepareTransfer,
  lockedAmount: bigint,
  { now, settings }: Circumstances,
): Preparation {
  const deadline = lesserOf(addSeconds(now, settings.commitPeriodSeconds), addSeconds(ts, maxCommitDelay));
  return { lockedAmount, preparedAt: now, deadline, finalInterestRateTs, announcedAt: now };
}

function newTransfer(transferId: bigint, request: Request) {
  const { debtorId, creditorId, coordinatorType, coordinatorId, coordinatorRequestId, ts } = request;
  return {
    kind: 'transfer' as const,
    sender: { debtorId, creditorId },
    transferId,
    request: { coordinatorType, coordinatorId, coordinatorRequestId },
    requestTs: ts,
    // Only a request that is rejected has no recipient, and RejectedTransfer does not name one.
    recipientId: request.recipientId ?? 0n,
  };
}

function isSameRequest(known: TransferRecord, message: PrepareTransfer): boolean {
  return (
    known.kind === 'transfer' &&
    known.requestTs === message.ts &&
    isSameCoordinatorRequest(known.request, message)
  );
}
