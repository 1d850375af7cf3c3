/**
 * What an account is, and the few steps that every change of an account consists of. The rule files beside this one decide
 * when each step is due; interest arithmetic is in `interest.ts`.
 */

import { ROOT_CREDITOR_ID, SCHEDULED_FOR_DELETION_FLAG } from '../protocol/constants.ts';
import { clampInt64, greaterOf, nextSeqnum } from '../protocol/integers.ts';
import type { DebtorInfo } from '../protocol/root-config-data.ts';
import { dateOf, EPOCH, type Timestamp } from '../protocol/timestamps.ts';
import type { Carrier } from './carried.ts';
import { currentInterest } from './interest.ts';
import type { Circumstances, Settings } from './settings.ts';

/** Names one account: at most one account exists for the pair (SMP 2.1, section 1). */
export interface AccountKey {
  readonly debtorId: bigint;
  readonly creditorId: bigint;
}

/** The whole state of one account. Field names are those of AccountUpdate (SMP 2.1, section 4) where it has them. */
export interface Account extends AccountKey, Carrier {
  /** Grows with every write and never repeats for a key, also when the account is purged and created again. */
  readonly version: bigint;
  /** `YYYY-MM-DD`, UTC. */
  readonly creationDate: string;
  /** When the account was marked as deleted; `undefined` while it is alive (SMP 2.1, section 7). */
  readonly deletedAt: Timestamp | undefined;
  readonly principal: bigint;
  /** The sum of what was cut off where the principal would have left int64. Not zero marks the account (section 5). */
  readonly clippedAmount: bigint;
  /** Interest accumulated until `lastChangeTs` and not yet in the principal; may be negative. */
  readonly interest: number;
  /** Percent a year, −50 … 100; always 0 for root accounts. */
  readonly interestRate: number;
  /** The rate before the latest change. Late credits are compensated with both rates (SMP 2.1, section 5). */
  readonly previousInterestRate: number;
  readonly lastInterestRateChangeTs: Timestamp;
  readonly totalLockedAmount: bigint;
  readonly pendingTransfersCount: number;
  readonly lastChangeTs: Timestamp;
  readonly lastChangeSeqnum: number;
  readonly lastConfigTs: Timestamp;
  readonly lastConfigSeqnum: number;
  readonly negligibleAmount: number;
  readonly configFlags: number;
  readonly configData: string;
  readonly debtorInfo: DebtorInfo;
  /** `commit_period` as it is announced, in seconds. A new setting is announced as a change, like a new rate. */
  readonly commitPeriod: number;
  readonly lastTransferNumber: bigint;
  readonly lastTransferCommittedAt: Timestamp;
  readonly lastCapitalizationTs: Timestamp;
  readonly lastDeletionAttemptTs: Timestamp;
  /** Since when an AccountUpdate about balance changes is due; `undefined` when none is. */
  readonly pendingUpdateSince: Timestamp | undefined;
  /** The `ts` of the latest AccountUpdate. The projection sends one when this changes. */
  readonly announcedAt: Timestamp;
}

/** What the root account decides for all accounts of its currency. */
export interface CurrencyTerms {
  /** Percent a year, −50 … 100. */
  readonly rate: number;
  readonly debtorInfo: DebtorInfo;
}

export const NO_DEBTOR_INFO: DebtorInfo = { iri: '', contentType: '', sha256: '' };

/** One text for one account, for maps and logs: `<debtorId>:<creditorId>`. */
export function printAccountKey({ debtorId, creditorId }: AccountKey): string {
  return `${debtorId}:${creditorId}`;
}

export function isRootAccount({ creditorId }: AccountKey): boolean {
  return creditorId === ROOT_CREDITOR_ID;
}

export function isScheduledForDeletion({ configFlags }: Account): boolean {
  return (configFlags & SCHEDULED_FOR_DELETION_FLAG) !== 0;
}

/** The account, unless there is none or it is marked as deleted (SMP 2.1, section 7). */
export function livingAccount(account: Account | undefined): Account | undefined {
  return account?.deletedAt === undefined ? account : undefined;
}

/** A new account with principal 0 and its currency's present terms, as far as known (SMP 2.1, ConfigureAccount). */
export function createAccount(
  key: AccountKey,
  terms: CurrencyTerms | undefined,
  { now, settings }: Circumstances,
): Account {
  const interestRate = isRootAccount(key) ? 0 : (terms?.rate ?? 0);
  return {
    debtorId: key.debtorId,
    creditorId: key.creditorId,
    // The clock's microseconds grow faster than one item can be written, so a new life starts above all old versions.
    version: now,
    creationDate: dateOf(now),
    deletedAt: undefined,
    principal: 0n,
    clippedAmount: 0n,
    interest: 0,
    interestRate,
    previousInterestRate: 0,
    lastInterestRateChangeTs: interestRate === 0 ? EPOCH : now,
    totalLockedAmount: 0n,
    pendingTransfersCount: 0,
    lastChangeTs: now,
    lastChangeSeqnum: 0,
    lastConfigTs: EPOCH,
    lastConfigSeqnum: 0,
    negligibleAmount: 0,
    configFlags: 0,
    configData: '',
    debtorInfo: terms?.debtorInfo ?? NO_DEBTOR_INFO,
    commitPeriod: announcedCommitPeriod(settings),
    lastTransferNumber: 0n,
    lastTransferCommittedAt: EPOCH,
    lastCapitalizationTs: now,
    lastDeletionAttemptTs: EPOCH,
    pendingUpdateSince: undefined,
    announcedAt: EPOCH,
  };
}

/**
 * Brings a deleted account back: it keeps its creation date, its transfer numbers, and its rates with the moment of their
 * change, since transfers and late credits from before are still judged by them (SMP 2.1, ConfigureAccount and section 7).
 */
export function reviveAccount(account: Account, terms: CurrencyTerms | undefined, now: Timestamp): Account {
  const { debtorInfo } = terms ?? account;
  return { ...changeAccount(account, now), deletedAt: undefined, lastCapitalizationTs: now, debtorInfo };
}

/** The setting as AccountUpdate can tell it: in whole seconds. */
export function announcedCommitPeriod({ commitPeriodSeconds }: Settings): number {
  return Math.round(commitPeriodSeconds);
}

/** Begins a change of announced fields: brings interest up to now, and gives the change its own `lastChangeSeqnum`. */
export function changeAccount(account: Account, now: Timestamp): Account {
  const lastChangeTs = greaterOf(now, account.lastChangeTs);
  return {
    ...account,
    interest: currentInterest(account, lastChangeTs),
    lastChangeTs,
    lastChangeSeqnum: nextSeqnum(account.lastChangeSeqnum),
  };
}

/** Makes an AccountUpdate due at once, and cancels a deferred one (SMP 2.1, section 4). */
export function announceAccount(account: Account, now: Timestamp): Account {
  // The clock may stand still or go back between two writes, yet each announcement must differ from the one before.
  const announcedAt = greaterOf(greaterOf(now, account.announcedAt + 1n), account.lastChangeTs);
  return { ...account, announcedAt, pendingUpdateSince: undefined };
}

/** Defers an AccountUpdate, so that one tells of many balance changes (SMP 2.1, section 4). */
export function announceAccountLater(account: Account, now: Timestamp): Account {
  return account.pendingUpdateSince === undefined ? { ...account, pendingUpdateSince: now } : account;
}

/** Changes the principal and holds it within int64; what is cut off stays as the account's mark (SMP 2.1, section 5). */
export function addToPrincipal(account: Account, amount: bigint): Account {
  const exact = account.principal + amount;
  const principal = clampInt64(exact);
  return { ...account, principal, clippedAmount: account.clippedAmount + (exact - principal) };
}
