/** What must be true of one item of the transfers table by itself. */

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
  type Tombstone,
  type Transfer,
  type TransferRecord,
} from '../../../rules/transfer.ts';
import { isCreditOverdue } from '../../../rules/transfer-chores.ts';
import { configRejectionIdOf, tombstoneIdOf, transferIdOf } from '../../../rules/transfer-ids.ts';
import { type Fault, faultsOf, LEAST_RETENTION } from './checks.ts';
import { commitFaults, entryFaults, ownPaymentFaults } from './payment-checks.ts';

/** The faults of an item whose values are in their ranges, except for overdue credits. */
export function recordFaults(record: TransferRecord): readonly Fault[] {
  switch (record.kind) {
    case 'transfer':
      return transferFaults(record);
    case 'config-rejection':
      return rejectionFaults(record);
    case 'tombstone':
      return tombstoneFaults(record);
    default:
      return record satisfies never;
  }
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

function tombstoneFaults({ sender, transferId, purgedAt, expiresAt }: Tombstone): Fault[] {
  const expected = tombstoneIdOf(sender, purgedAt);
  return [
    ...faultsOf('requests', [transferId !== expected && `it is a tombstone whose ID is ${expected}`]),
    ...expiryFaults(expiresAt, purgedAt),
  ];
}

function transferFaults(transfer: Transfer): Fault[] {
  return [
    ...identityFaults(transfer),
    ...faultsOf('transfer-steps', stepSentences(transfer)),
    ...(isOwnRequest(transfer.request) ? ownPaymentFaults(transfer) : commitFaults(transfer)),
    ...entryFaults(transfer),
    ...expiryFaults(transfer.expiresAt, finishedAt(transfer)),
  ];
}

function identityFaults(transfer: Transfer): Fault[] {
  const { sender, transferId, request, requestTs } = transfer;
  if (isOwnRequest(transfer.request)) {
    const isLegal = transferId > 0n && transferId <= MAX_INT64;
    return faultsOf('requests', [!isLegal && 'its ID is not a positive int64']);
  }
  const expected = transferIdOf({ ...sender, ...request, ts: requestTs });
  return faultsOf('requests', [transferId !== expected && `the ID of its request is ${expected}`]);
}

function stepSentences(transfer: Transfer): (string | false)[] {
  const { sender, status, recipientId, rejection, preparation, finalization } = transfer;
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
      transfer.finalization.committedAmount !== 0n &&
      `it is dismissed with a committed amount of ${transfer.finalization.committedAmount}`,
  ];
}

/** When the last step was made; `undefined` if there are more to come. */
function finishedAt({ status, rejection, finalization, credit }: Transfer): Timestamp | undefined {
  const dismissedAt = status === 'dismissed' ? finalization.finalizedAt : undefined;
  return rejection?.rejectedAt ?? credit?.creditedAt ?? dismissedAt;
}

/** An unfinished transfer never expires; a finished one only after the last copy of its request may have come. */
function expiryFaults(expiresAt: Timestamp | undefined, finished: Timestamp | undefined): Fault[] {
  return faultsOf('transfer-steps', [
    finished === undefined &&
      expiresAt !== undefined &&
      `it is not finished, but it expires at ${printTimestamp(expiresAt)}`,
    finished !== undefined &&
      expiresAt === undefined &&
      `it was finished at ${printTimestamp(finished)}, but it never expires`,
    finished !== undefined &&
      expiresAt !== undefined &&
      expiresAt < expiryOf(finished, LEAST_RETENTION) &&
      `it was finished at ${printTimestamp(finished)}, but it expires at ${printTimestamp(expiresAt)} already`,
  ]);
}
