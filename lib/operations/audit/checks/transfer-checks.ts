/** What must be true of one item of the transfers table by itself, whatever the other items say. */

import { OWN_COORDINATOR_TYPES } from '../../../protocol/constants.ts';
import { MAX_INT64 } from '../../../protocol/integers.ts';
import {
  FINALIZED_TRANSFER_STATUS_CODES,
  REJECTED_TRANSFER_STATUS_CODES,
} from '../../../protocol/status-codes.ts';
import { printTimestamp, secondsBetween, type Timestamp } from '../../../protocol/timestamps.ts';
import {
  type ConfigRejection,
  expiryOf,
  type Transfer,
  type TransferRecord,
  type TransferStatus,
} from '../../../rules/transfer.ts';
import { configRejectionIdOf, transferIdOf } from '../../../rules/transfer-ids.ts';
import { type Fault, faultsOf } from './checks.ts';
import { commitFaults, entryFaults, ownPaymentFaults } from './payment-checks.ts';

/** Crediting takes seconds; the sweep repairs what was not credited after a quarter of an hour. */
const CREDIT_OVERDUE_SECONDS = 900;

const PARTS = ['rejection', 'preparation', 'finalization', 'payment', 'credit'] as const;
type Part = (typeof PARTS)[number];

/** A status is reached by adding parts one after the other, and none is ever taken away. */
const PARTS_OF_REQUESTS: Record<TransferStatus, readonly Part[]> = {
  rejected: ['rejection'],
  prepared: ['preparation'],
  dismissed: ['preparation', 'finalization'],
  committed: ['preparation', 'finalization', 'payment'],
  credited: ['preparation', 'finalization', 'payment', 'credit'],
};

/** Payments that this server makes itself are born committed. */
const PARTS_OF_OWN_PAYMENTS: Partial<Record<TransferStatus, readonly Part[]>> = {
  committed: ['payment'],
  credited: ['payment', 'credit'],
};

/** The faults of an item whose values are in their ranges, apart from what only time makes one. */
export function recordFaults(record: TransferRecord): readonly Fault[] {
  return record.kind === 'transfer' ? transferFaults(record) : rejectionFaults(record);
}

export function isOwnPayment({ request }: Transfer): boolean {
  return OWN_COORDINATOR_TYPES.includes(request.coordinatorType);
}

/** A commit that should long have reached the recipient. */
export function overdueCreditFault(record: TransferRecord, at: Timestamp): Fault | undefined {
  if (record.kind !== 'transfer' || record.status !== 'committed' || record.payment === undefined) {
    return undefined;
  }
  const { committedAt } = record.payment;
  return secondsBetween(committedAt, at) > CREDIT_OVERDUE_SECONDS
    ? {
        check: 'credits',
        sentence: `it was committed at ${printTimestamp(committedAt)} and is not credited`,
      }
    : undefined;
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
  const parts = isOwnPayment(transfer)
    ? PARTS_OF_OWN_PAYMENTS[transfer.status]
    : PARTS_OF_REQUESTS[transfer.status];
  if (parts === undefined) {
    return faultsOf('transfer-steps', [
      `its status is ${transfer.status}, which a transfer of type ${transfer.request.coordinatorType} never has`,
    ]);
  }
  const missing = parts.filter((part) => transfer[part] === undefined);
  const surplus = PARTS.filter((part) => transfer[part] !== undefined && !parts.includes(part));
  return [
    ...identityFaults(transfer),
    ...faultsOf('transfer-steps', [
      ...missing.map((part) => `its status is ${transfer.status}, yet it has no ${part}`),
      ...surplus.map((part) => `its status is ${transfer.status}, yet it has a ${part}`),
      ...lockSentences(transfer),
    ]),
    ...(isOwnPayment(transfer) ? ownPaymentFaults(transfer) : commitFaults(transfer)),
    ...entryFaults(transfer),
    ...expiryFaults(transfer.expiresAt, finishedAt(transfer)),
  ];
}

function identityFaults(transfer: Transfer): Fault[] {
  const { sender, transferId, request, requestTs } = transfer;
  if (isOwnPayment(transfer)) {
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
