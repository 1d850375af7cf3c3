/**
 * What an account is, and the few steps every change of one is made of. When which step is due is decided in the
 * rule files beside this one; interest arithmetic is in `interest.ts`.
 */

import { ROOT_CREDITOR_ID, SCHEDULED_FOR_DELETION_FLAG } from '../protocol/constants.ts';
import { clampInt64, nextSeqnum } from '../protocol/integers.ts';
import { dateOf, EPOCH, type Timestamp } from '../protocol/timestamps.ts';
import { currentInterest } from './interest.ts';

/** Names one account: at most one account exists for the pair (SMP 2.1, section 1). */
export interface AccountKey {
  readonly debtorId: bigint;
  readonly creditorId: bigint;
}

/** What the currency's issuer tells about it; announced in every AccountUpdate. Empty strings where unknown. */
export interface DebtorInfo {
  readonly iri: string;
  readonly contentType: string;
  /** 64 upper-case hexadecimal digits, or empty. */
  readonly sha256: string;
}

/** The whole state of one account. Field names are those of AccountUpdate (SMP 2.1, section 4) where it has them. */
export interface Account extends AccountKey {
  /** Grows with every write and never repeats for a key, also when the account is purged and created anew. */
  readonly version: bigint;
  /** `YYYY-MM-DD`, UTC. */
  readonly creationDate: string;
  /** When the account was marked as deleted; `undefined` while it is alive (SMP 2.1, section 7). */
  readonly deletedAt: Timestamp | undefined;
  readonly principal: bigint;
  /** What was cut off where the principal would have left int64, summed; not zero marks the account (section 5). */
  readonly clippedAmount: bigint;
  /** Interest accumulated until `lastChangeTs` and not yet in the principal; may be negative. */
  readonly interest: number;
  /** Percent a year, −50 … 100; always 0 for root accounts. */
  readonly interestRate: number;
  /** The rate before the latest change, which late credits are compensated with. */
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
  readonly lastTransferNumber: bigint;
  readonly lastTransferCommittedAt: Timestamp;
  readonly lastCapitalizationTs: Timestamp;
  readonly lastDeletionAttemptTs: Timestamp;
  /** Since when an AccountUpdate about balance changes is due; `undefined` when none is. */
  readonly pendingUpdateSince: Timestamp | undefined;
  /** The `ts` of the latest AccountUpdate. Its change is what makes the projection send one. */
  readonly announcedAt: Timestamp;
}

/** The state of a currency's accounts that its root account decides. */
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

/** The account, unless there is none or it is only kept as deleted (SMP 2.1, section 7). */
export function livingAccount(account: Account | undefined): Account | undefined {
  return account?.deletedAt === undefined ? account : undefined;
}

/** A new account with nothing on it, on its currency's present terms (SMP 2.1, ConfigureAccount). */
export function createAccount(key: AccountKey, terms: CurrencyTerms, now: Timestamp): Account {
  const blank: Account = {
    debtorId: key.debtorId,
    creditorId: key.creditorId,
    // Instants grow faster than writes to one item can, so an account created anew starts beyond all old versions.
    version: now,
    creationDate: dateOf(now),
    deletedAt: undefined,
    principal: 0n,
    clippedAmount: 0n,
    interest: 0,
    interestRate: 0,
    previousInterestRate: 0,
    lastInterestRateChangeTs: EPOCH,
    totalLockedAmount: 0n,
    pendingTransfersCount: 0,
    lastChangeTs: now,
    lastChangeSeqnum: 0,
    lastConfigTs: EPOCH,
    lastConfigSeqnum: 0,
    negligibleAmount: 0,
    configFlags: 0,
    configData: '',
    debtorInfo: NO_DEBTOR_INFO,
    lastTransferNumber: 0n,
    lastTransferCommittedAt: EPOCH,
    lastCapitalizationTs: now,
    lastDeletionAttemptTs: EPOCH,
    pendingUpdateSince: undefined,
    announcedAt: EPOCH,
  };
  return startOnTerms(blank, terms, now);
}

/** Brings a deleted account back: its creation date and transfer numbers go on (SMP 2.1, section 7). */
export function reviveAccount(account: Account, terms: CurrencyTerms, now: Timestamp): Account {
  return startOnTerms(
    { ...changeAccount(account, now), deletedAt: undefined, lastCapitalizationTs: now },
    terms,
    now,
  );
}

function startOnTerms(account: Account, { rate, debtorInfo }: CurrencyTerms, now: Timestamp): Account {
  const interestRate = isRootAccount(account) ? 0 : rate;
  return {
    ...account,
    interestRate,
    previousInterestRate: 0,
    lastInterestRateChangeTs: interestRate === 0 ? EPOCH : now,
    debtorInfo,
  };
}

/** Begins a change of announced fields: interest is brought up to now, and the change is told apart from all others. */
export function changeAccount(account: Account, now: Timestamp): Account {
  const lastChangeTs = laterOf(now, account.lastChangeTs);
  return {
    ...account,
    interest: currentInterest(account, lastChangeTs),
    lastChangeTs,
    lastChangeSeqnum: nextSeqnum(account.lastChangeSeqnum),
  };
}

/** Makes an AccountUpdate due at once, and any folded one needless (SMP 2.1, section 4). */
export function announceAccount(account: Account, now: Timestamp): Account {
  // The clock may stand still or go back between two writes, yet each announcement must differ from the one before.
  const announcedAt = laterOf(laterOf(now, account.announcedAt + 1n), account.lastChangeTs);
  return { ...account, announcedAt, pendingUpdateSince: undefined };
}

/** Makes an AccountUpdate due eventually, folded with others (SMP 2.1, section 4, balance changes). */
export function announceAccountLater(account: Account, now: Timestamp): Account {
  return account.pendingUpdateSince === undefined ? { ...account, pendingUpdateSince: now } : account;
}

/** Changes the principal, holding it within int64; what is cut off is kept as the account's mark (SMP 2.1, section 5). */
export function addToPrincipal(account: Account, amount: bigint): Account {
  const exact = account.principal + amount;
  const principal = clampInt64(exact);
  return { ...account, principal, clippedAmount: account.clippedAmount + (exact - principal) };
}

export function laterOf(a: Timestamp, b: Timestamp): Timestamp {
  return a > b ? a : b;
}
