/**
 * The accounts and transfers, and the expected state of each after so many cases. All follows from an item's number, so
 * a table of any size can be created and checked without keeping it in memory.
 */

import type { Account } from '../../../lib/rules/account.ts';
import type { Transfer } from '../../../lib/rules/transfer.ts';

export interface Plan {
  readonly accountCount: number;
  readonly transferCount: number;
  /** The accounts are spread evenly over so many currencies, each with its own root account. */
  readonly currencyCount: number;
  /** The share of accounts with a heartbeat due, and of prepared transfers with a reminder due; 0 … 1. */
  readonly dueShare: number;
  /** The share of transfers that are prepared; the others are finished; 0 … 1. */
  readonly preparedShare: number;
}

const DAY = 86_400_000_000n;
/** 2027-01-15T08:00:00Z: items that fall due first were announced then, all others a day later. */
export const START = 1_800_000_000_000_000n;
const A_DAY_LATER = START + DAY;
/** Nothing is due yet. */
export const QUIET_TIME = START + 6n * DAY;
/** With the default settings: a week after `START`. */
export const DUE_TIME = START + 7n * DAY;

export const OLD_RATE = 2;
export const NEW_RATE = 3;
/** The currency whose rate is changed. */
export const CHANGED_DEBTOR_ID = 1n;
const INFO = {
  iri: 'https://currencies.example.com/info/8f3a51c2',
  contentType: 'text/html',
  sha256: 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855',
};
const FIRST_CREDITOR_ID = 4_294_967_296n;
/** All IDs have nineteen digits, like nearly all real ones. */
const FIRST_TRANSFER_ID = 1_000_000_000_000_000_000n;
const ID_STEP = 7_000_000_007n;

/** Marks the given share of all numbers, evenly spread. */
export function isMarked(number: number, share: number): boolean {
  return ordinal(number + 1, share) > ordinal(number, share);
}

function ordinal(number: number, share: number): number {
  return Math.floor(number * share + 1e-9);
}

/** The root account of the currency for -1, -2, …, and an ordinary account for 0, 1, … */
export function accountAt(number: number, { currencyCount, dueShare }: Plan): Account {
  const isRoot = number < 0;
  const info = { iri: INFO.iri, contentType: INFO.contentType, sha256: INFO.sha256 };
  return {
    debtorId: isRoot ? BigInt(-number) : BigInt(number % currencyCount) + 1n,
    creditorId: isRoot ? 0n : FIRST_CREDITOR_ID + BigInt(number),
    version: START,
    creationDate: '2026-09-21',
    deletedAt: undefined,
    principal: isRoot ? -1_000_000_000_000n : BigInt(number) + 1_000n,
    clippedAmount: 0n,
    interest: 0,
    interestRate: isRoot ? 0 : OLD_RATE,
    previousInterestRate: 0,
    lastInterestRateChangeTs: isRoot ? 0n : START - 30n * DAY,
    totalLockedAmount: 0n,
    pendingTransfersCount: 0,
    lastChangeTs: START,
    lastChangeSeqnum: 17,
    lastConfigTs: START - 30n * DAY,
    lastConfigSeqnum: 1,
    negligibleAmount: isRoot ? 1e18 : 0,
    configFlags: 0,
    configData: isRoot ? rootConfig(OLD_RATE) : '',
    debtorInfo: info,
    lastTransferNumber: isRoot ? 0n : 12n,
    lastTransferCommittedAt: isRoot ? 0n : START,
    // Less than a fortnight before every case, so that no interest is capitalized.
    lastCapitalizationTs: START,
    lastDeletionAttemptTs: 0n,
    pendingUpdateSince: undefined,
    announcedAt: !isRoot && isMarked(number, dueShare) ? START : A_DAY_LATER,
  };
}

export function rootConfig(rate: number): string {
  return JSON.stringify({ type: 'RootConfigData', rate, info: { type: 'DebtorInfo', ...INFO } });
}

/** The number that `accountAt` made the account from. */
export function numberOfAccount(printedKey: string): number {
  const [debtorId = '', creditorId = ''] = printedKey.split(':');
  return creditorId === '0' ? -Number(debtorId) : Number(BigInt(creditorId) - FIRST_CREDITOR_ID);
}

export function transferAt(number: number, plan: Plan): Transfer {
  const { accountCount, currencyCount } = plan;
  const sender = BigInt(number % Math.max(1, accountCount));
  const base = {
    kind: 'transfer',
    sender: {
      debtorId: (sender % BigInt(currencyCount)) + 1n,
      creditorId: FIRST_CREDITOR_ID + sender,
    },
    transferId: FIRST_TRANSFER_ID + BigInt(number) * ID_STEP,
    request: {
      coordinatorType: 'direct',
      coordinatorId: FIRST_CREDITOR_ID + sender,
      coordinatorRequestId: BigInt(number),
    },
    requestTs: START,
    recipientId: FIRST_CREDITOR_ID + sender + 1n,
    preparation: {
      lockedAmount: 100n,
      preparedAt: START,
      deadline: START + 90n * DAY,
      finalInterestRateTs: 253_402_300_799_999_999n,
      announcedAt: isReminderDue(number, plan) ? START : A_DAY_LATER,
    },
  } as const;
  return isPrepared(number, plan)
    ? { ...base, status: 'prepared', expiresAt: undefined }
    : { ...base, ...finished(number) };
}

function finished(number: number) {
  return {
    status: 'credited',
    finalization: {
      statusCode: 'OK',
      committedAmount: 100n,
      totalLockedAmount: 0n,
      finalizedAt: START + 5_000_000n,
    },
    payment: {
      amount: 100n,
      committedAt: START + 5_000_000n,
      note: 'Invoice 2027-000123',
      noteFormat: '',
      senderEntry: { creationDate: '2026-09-21', transferNumber: BigInt(number + 1), principal: 12_345n },
    },
    credit: {
      creditedAt: START + 6_000_000n,
      recipientEntry: { creationDate: '2026-09-21', transferNumber: BigInt(number + 1), principal: 54_321n },
    },
    expiresAt: START + 30n * DAY,
  } as const;
}

export function isPrepared(number: number, { preparedShare }: Plan): boolean {
  return isMarked(number, preparedShare);
}

/** The marked ones are evenly spread over the prepared transfers, too. */
export function isReminderDue(number: number, plan: Plan): boolean {
  return isPrepared(number, plan) && isMarked(ordinal(number, plan.preparedShare), plan.dueShare);
}

/** The number that `transferAt` made the transfer from. */
export function numberOfTransfer(transferId: string): number {
  return Number((BigInt(transferId) - FIRST_TRANSFER_ID) / ID_STEP);
}
