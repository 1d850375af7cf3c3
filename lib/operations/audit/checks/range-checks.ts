/**
 * Whether the values of an item are in the ranges of their kinds. This code never writes others, so nothing else in such an
 * item can be relied on, and the other checks omit it.
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
/** The amount of an interest payment to the root account may be the opposite of the lowest int64. */
const AMOUNT: Range = [MIN_INT64, -MIN_INT64];
const INT32: Range = [MIN_INT32, MAX_INT32];
const INSTANT: Range = [MIN_TIMESTAMP, MAX_TIMESTAMP];

/** The ranges of an object's fields. */
type Ranges = Readonly<Record<string, Range>>;

/** `clippedAmount` has no range: it is the sum of all that was cut off at the ends of int64. */
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
const KEY_RANGES = { debtorId: INT64, creditorId: INT64 };
const TOMBSTONE_RANGES = { transferId: INT64, expiresAt: INSTANT, purgedAt: INSTANT };
const REJECTION_RANGES = { transferId: INT64, expiresAt: INSTANT, rejectedAt: INSTANT };
const TRANSFER_RANGES = { transferId: INT64, expiresAt: INSTANT, requestTs: INSTANT, recipientId: INT64 };
const PART_RANGES = {
  request: { coordinatorId: INT64, coordinatorRequestId: INT64 },
  rejection: { rejectedAt: INSTANT },
  preparation: {
    lockedAmount: INT64,
    preparedAt: INSTANT,
    deadline: INSTANT,
    finalInterestRateTs: INSTANT,
    announcedAt: INSTANT,
  },
  finalization: { committedAmount: INT64, finalizedAt: INSTANT },
  payment: { amount: AMOUNT, committedAt: INSTANT },
  credit: { creditedAt: INSTANT },
} as const satisfies Partial<Record<keyof Transfer, Ranges>>;
const ENTRY_RANGES = { transferNumber: [1n, MAX_INT64], principal: INT64 } as const;

export function accountRangeFault(account: Account): Fault | undefined {
  return firstFault([
    ...rangeSentences(account, ACCOUNT_RANGES),
    notADate('creationDate', account.creationDate),
  ]);
}

export function recordRangeFault(record: TransferRecord): Fault | undefined {
  return firstFault([...rangeSentences(record.sender, KEY_RANGES), ...sentencesOf(record)]);
}

function sentencesOf(record: TransferRecord): (string | undefined)[] {
  switch (record.kind) {
    case 'transfer':
      return transferSentences(record);
    case 'config-rejection':
      return [...rangeSentences(record, REJECTION_RANGES), outside('config.ts', record.config.ts, INSTANT)];
    case 'tombstone':
      return [...rangeSentences(record, TOMBSTONE_RANGES), notADate('creationDate', record.creationDate)];
    default:
      return record satisfies never;
  }
}

function transferSentences(transfer: Transfer): (string | undefined)[] {
  const parts = Object.keys(PART_RANGES) as (keyof typeof PART_RANGES)[];
  return [
    ...rangeSentences(transfer, TRANSFER_RANGES),
    ...parts.flatMap((part) => rangeSentences(transfer[part], PART_RANGES[part])),
    ...entrySentences('senderEntry', transfer.payment?.senderEntry),
    ...entrySentences('recipientEntry', transfer.credit?.recipientEntry),
  ];
}

function entrySentences(name: string, entry: LedgerEntry | undefined): (string | undefined)[] {
  return [
    ...rangeSentences(entry, ENTRY_RANGES, `${name}.`),
    entry && notADate(`${name}.creationDate`, entry.creationDate),
  ];
}

/** @param prefix of the fields' names in the sentences */
function rangeSentences(value: object | undefined, ranges: Ranges, prefix = ''): (string | undefined)[] {
  const values = { ...value } as Readonly<Record<string, bigint | number | undefined>>;
  return Object.entries(ranges).map(([field, range]) => outside(`${prefix}${field}`, values[field], range));
}

function outside(field: string, value: bigint | number | undefined, [min, max]: Range): string | undefined {
  return value !== undefined && (value < min || value > max)
    ? `${field} is ${value}, outside of ${min} … ${max}`
    : undefined;
}

function notADate(field: string, date: string): string | undefined {
  return startOfDate(date) === undefined
    ? `${field} is ${JSON.stringify(date)}, which is not a date`
    : undefined;
}

function firstFault(sentences: readonly (string | undefined)[]): Fault | undefined {
  const sentence = sentences.find((text) => text !== undefined);
  return sentence === undefined ? undefined : { check: 'readable-items', sentence };
}

/** The first instant of a `YYYY-MM-DD` date in UTC; `undefined` if the text is not a date. */
export function startOfDate(date: string): Timestamp | undefined {
  return parseTimestamp(`${date}T00:00:00Z`);
}
