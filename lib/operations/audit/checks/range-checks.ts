/**
 * Whether the values of an item are what their kinds allow. An item that breaks this was not written by this code, so
 * nothing else of it can be relied on, and the other checks leave it out.
 */

import { MAX_PENDING_TRANSFERS } from '../../../protocol/constants.ts';
import { MAX_INT32, MAX_INT64, MIN_INT32, MIN_INT64 } from '../../../protocol/integers.ts';
import {
  MAX_TIMESTAMP,
  MIN_TIMESTAMP,
  parseTimestamp,
  type Timestamp,
} from '../../../protocol/timestamps.ts';
import type { Account } from '../../../rules/account.ts';
import type { LedgerEntry, Transfer, TransferRecord } from '../../../rules/transfer.ts';
import type { Fault } from './checks.ts';

type Range = readonly [bigint | number, bigint | number];

const INT64: Range = [MIN_INT64, MAX_INT64];
/** What is due to the root account for interest may be the opposite of the lowest int64. */
const AMOUNT: Range = [MIN_INT64, -MIN_INT64];
const INT32: Range = [MIN_INT32, MAX_INT32];
const INSTANT: Range = [MIN_TIMESTAMP, MAX_TIMESTAMP];

/** `clippedAmount` is the sum of what left int64, so it has no range. */
const ACCOUNT_RANGES = {
  debtorId: INT64,
  creditorId: INT64,
  version: INT64,
  deletedAt: INSTANT,
  principal: INT64,
  lastInterestRateChangeTs: INSTANT,
  totalLockedAmount: INT64,
  pendingTransfersCount: [MIN_INT32, MAX_PENDING_TRANSFERS],
  lastChangeTs: INSTANT,
  lastChangeSeqnum: INT32,
  lastConfigTs: INSTANT,
  lastConfigSeqnum: INT32,
  negligibleAmount: [0, Number.MAX_VALUE],
  configFlags: INT32,
  commitPeriod: INT32,
  lastTransferNumber: [0n, MAX_INT64],
  lastTransferCommittedAt: INSTANT,
  lastCapitalizationTs: INSTANT,
  lastDeletionAttemptTs: INSTANT,
  pendingUpdateSince: INSTANT,
  announcedAt: INSTANT,
} as const satisfies Partial<Record<keyof Account, Range>>;

export function accountRangeFault(account: Account): Fault | undefined {
  return firstFault([
    ...Object.entries(ACCOUNT_RANGES).map(([field, range]) =>
      outside(field, account[field as keyof typeof ACCOUNT_RANGES], range),
    ),
    noDate('creationDate', account.creationDate),
  ]);
}

export function recordRangeFault(record: TransferRecord): Fault | undefined {
  const { sender, transferId, expiresAt } = record;
  const common = [
    outside('debtorId', sender.debtorId, INT64),
    outside('creditorId', sender.creditorId, INT64),
    outside('transferId', transferId, INT64),
    outside('expiresAt', expiresAt, INSTANT),
  ];
  return firstFault(
    record.kind === 'transfer'
      ? [...common, ...transferRanges(record)]
      : [
          ...common,
          outside('rejectedAt', record.rejectedAt, INSTANT),
          outside('config.ts', record.config.ts, INSTANT),
        ],
  );
}

function transferRanges(transfer: Transfer): (string | undefined)[] {
  const { request, requestTs, recipientId, rejection, preparation, finalization, payment, credit } = transfer;
  return [
    outside('coordinatorId', request.coordinatorId, INT64),
    outside('coordinatorRequestId', request.coordinatorRequestId, INT64),
    outside('requestTs', requestTs, INSTANT),
    outside('recipientId', recipientId, INT64),
    outside('rejectedAt', rejection?.rejectedAt, INSTANT),
    outside('lockedAmount', preparation?.lockedAmount, INT64),
    outside('preparedAt', preparation?.preparedAt, INSTANT),
    outside('deadline', preparation?.deadline, INSTANT),
    outside('finalInterestRateTs', preparation?.finalInterestRateTs, INSTANT),
    outside('announcedAt', preparation?.announcedAt, INSTANT),
    outside('committedAmount', finalization?.committedAmount, INT64),
    outside('finalizedAt', finalization?.finalizedAt, INSTANT),
    outside('amount', payment?.amount, AMOUNT),
    outside('committedAt', payment?.committedAt, INSTANT),
    ...entryRanges('senderEntry', payment?.senderEntry),
    outside('creditedAt', credit?.creditedAt, INSTANT),
    ...entryRanges('recipientEntry', credit?.recipientEntry),
  ];
}

function entryRanges(name: string, entry: LedgerEntry | undefined): (string | undefined)[] {
  return [
    outside(`${name}.transferNumber`, entry?.transferNumber, [1n, MAX_INT64]),
    outside(`${name}.principal`, entry?.principal, INT64),
    entry && noDate(`${name}.creationDate`, entry.creationDate),
  ];
}

function outside(field: string, value: bigint | number | undefined, [min, max]: Range): string | undefined {
  return value !== undefined && (value < min || value > max)
    ? `${field} is ${value}, outside of ${min} … ${max}`
    : undefined;
}

function noDate(field: string, date: string): string | undefined {
  return startOfDate(date) === undefined
    ? `${field} is ${JSON.stringify(date)}, which is no date`
    : undefined;
}

function firstFault(sentences: readonly (string | undefined)[]): Fault | undefined {
  const sentence = sentences.find((text) => text !== undefined);
  return sentence === undefined ? undefined : { check: 'readable-items', sentence };
}

/** The first instant of a `YYYY-MM-DD` date in UTC; `undefined` where the text is no date. */
export function startOfDate(date: string): Timestamp | undefined {
  return parseTimestamp(`${date}T00:00:00Z`);
}
