/** What must be true of one item of the transfers table by itself, whatever the other items say. */

import { MAX_INT64 } from '../../../protocol/integers.ts';
import {
  FINALIZED_TRANSFER_STATUS_CODES,
  REJECTED_TRANSFER_STATUS_CODES,
} from '../../../protocol/status-codes.ts';
import { printTimestamp, type Timestamp } from '../../../protocol/timestamps.ts';
import {
  type ConfigRejection,
  expiryOf,
  hasStatus,
  isOwnRequest,
  type Transfer,
  type TransferRecord,
} from '../../../rules/transfer.ts';
import { isCreditOverdue } from '../../../rules/transfer-chores.ts';
import { configRejectionIdOf, transferIdOf } from '../../../rules/transfer-ids.ts';
import { type Fault, faultsOf } from './checks.ts';
import { commitFaults, entryFaults, ownPaymentFaults } from './payment-checks.ts';

/** The faults of an item whose values are in their ranges, apart from what only time makes one. */
export function recordFaults(record: TransferRecord): readonly Fault[] {
  return record.kind === 'transfer' ? transferFaults(record) : rejectionFaults(record);
}

/** A commit that should long have reached the recipient. */
export function overdueCreditFault(record: TransferRecord, at: Timestamp): Fault | undefined {
  if (!hasStatus(record, 'committed') || !isCreditOverdue(record, at)) {
    return undefined;
  }
  const sentence = `it was committed at ${printTimestamp(record.payment.committedAt)} and is not credited`;
  return { check: 'credits', sentence };
}

function rejectionFaults({ transferId, config, rejectedAt, expiresAt }: ConfigRejection): Fault[] {
  const expected = configRejectionIdOf(config);
  return [
    ...faultsOf('requests', [
      transferId !== expected && `it is a rejected configuration whose ID is ${expected}`,
    ]),
    ...expiryFaults(expiresAt, rejectedAt),
  ];
}

function transferFaults(transfer: Transfer): Fault[] {
  return [
    ...identityFaults(transfer),
    ...faultsOf('transfer-steps', [...lockSentences(transfer)]),
    ...(isOwnRequest(transfer.request) ? ownPaymentFaults(transfer) : commitFaults(transfer)),
    ...entryFaults(transfer),
    ...expiryFaults(transfer.expiresAt, finishedAt(transfer)),
  ];
}

function identityFaults(transfer: Transfer): Fault[] {
  const { sender, transferId, request, requestTs } = transfer;
  if (isOwnRequest(transfer.request)) {
    const isLegal = transferId > 0n && transferId <= MAX_INT64;
    return faultsOf('requests', [!isLegal && 'its ID is none of a payment']);
  }
  const expected = transferIdOf({ ...sender, ...request, ts: requestTs });
  return faultsOf('requests', [transferId !== expected && `the ID of its request is ${expected}`]);
}

function lockSentences({
  sender,
  status,
  recipientId,
  rejection,
  preparation,
  finalization,
}: Transfer): (string | false)[] {
  const rejectionCodes: readonly string[] = REJECTED_TRANSFER_STATUS_CODES;
  const finalizationCodes: readonly string[] = FINALIZED_TRANSFER_STATUS_CODES;
  return [
    rejection !== undefined &&
      !rejectionCodes.includes(rejection.statusCode) &&
      `it was rejected with the unknown status code ${rejection.statusCode}`,
    finalization !== undefined &&
      !finalizationCodes.includes(finalization.statusCode) &&
      `it was finalized with the unknown status code ${finalization.statusCode}`,
    preparation !== undefined &&
      preparation.lockedAmount < 0n &&
      `its locked amount is ${preparation.lockedAmount}`,
    status !== 'rejected' && recipientId === sender.creditorId && 'its recipient is its sender',
    status === 'dismissed' &&
      finalization !== undefined &&
      finalization.committedAmount !== 0n &&
      `it is dismissed with a committed amount of ${finalization.committedAmount}`,
  ];
}

/** When the last step was made; `undefined` while there are more to come. */
function finishedAt({ status, rejection, finalization, credit }: Transfer): Timestamp | undefined {
  switch (status) {
    case 'rejected':
      return rejection?.rejectedAt;
    case 'dismissed':
      return finalization?.finalizedAt;
    case 'credited':
      return credit?.creditedAt;
    default:
      return undefined;
  }
}

/** What is under way must never be forgotten, and what is finished not before the last copy of its request has come. */
function expiryFaults(expiresAt: Timestamp | undefined, finished: Timestamp | undefined): Fault[] {
  return faultsOf('transfer-steps', [
    finished === undefined &&
      expiresAt !== undefined &&
      `it is not finished, yet it expires at ${printTimestamp(expiresAt)}`,
    finished !== undefined &&
      expiresAt === undefined &&
      `it was finished at ${printTimestamp(finished)}, yet it never expires`,
    finished !== undefined &&
      expiresAt !== undefined &&
      expiresAt < expiryOf(finished) &&
      `it was finished at ${printTimestamp(finished)}, yet it expires at ${printTimestamp(expiresAt)} already`,
  ]);
}
