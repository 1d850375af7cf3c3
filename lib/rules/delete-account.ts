/** Deletion and purge (SMP 2.1, section 7): when an account is marked as deleted, and when it is removed. */

import {
  EPOCH,
  parseTimestamp,
  SECONDS_IN_DAY,
  secondsBetween,
  type Timestamp,
} from '../protocol/timestamps.ts';
import {
  type Account,
  announceAccount,
  changeAccount,
  isRootAccount,
  isScheduledForDeletion,
} from './account.ts';
import { exact, isGreater } from './exact.ts';
import { currentBalance } from './interest.ts';
import { payFromRoot } from './own-payment.ts';
import type { Settings } from './settings.ts';
import { expiryOf, type Tombstone, type Transfer } from './transfer.ts';
import { tombstoneIdOf } from './transfer-ids.ts';

/** What is always negligible on an account that is to be deleted. */
const ALWAYS_NEGLIGIBLE = 2;
/** Delays that no setting bounds are far shorter. */
const PURGE_MARGIN_SECONDS = 2 * SECONDS_IN_DAY;
/** So that an account that is created again after the purge has a later creation date. */
const MIN_LIFE_SECONDS = 3 * SECONDS_IN_DAY;

export interface DeletionAttempt {
  readonly account: Account;
  /** Pays what principal was left to the root account; `undefined` when there was none or the attempt failed. */
  readonly payment: Transfer<'committed'> | undefined;
}

/** Tries to delete the account; `undefined` when an attempt is not due. A failed attempt only remembers its time. */
export function attemptDeletion(
  account: Account,
  now: Timestamp,
  settings: Settings,
): DeletionAttempt | undefined {
  if (!isAttemptDue(account, now, settings)) {
    return undefined;
  }
  if (!hasNegligibleBalance(account, now)) {
    return { account: { ...account, lastDeletionAttemptTs: now }, payment: undefined };
  }
  // From here on it succeeds.
  const changed: Account = { ...changeAccount(account, now), lastDeletionAttemptTs: now };
  if (changed.principal === 0n) {
    return { account: markDeleted(changed, now), payment: undefined };
  }
  const paid = payFromRoot(changed, 'delete', -changed.principal);
  return { account: markDeleted(paid.account, now), payment: paid.payment };
}

function isAttemptDue(account: Account, now: Timestamp, settings: Settings): boolean {
  return (
    isScheduledForDeletion(account) &&
    account.pendingTransfersCount === 0 &&
    secondsBetween(account.lastDeletionAttemptTs, now) >= settings.deletionAttemptsMinSeconds &&
    secondsBetween(account.lastConfigTs, now) > settings.messageMaxDelaySeconds
  );
}

function hasNegligibleBalance(account: Account, now: Timestamp): boolean {
  return isRootAccount(account)
    ? account.principal === 0n
    : !isGreater(currentBalance(account, now), exact(Math.max(account.negligibleAmount, ALWAYS_NEGLIGIBLE)));
}

function markDeleted(account: Account, now: Timestamp): Account {
  return announceAccount({ ...account, interest: 0, deletedAt: now }, now);
}

/**
 * Whether a deleted account can be removed: all messages that were under way to it have arrived or never will. An account
 * whose principal was once held at an end of int64 is never removed, since only its mark tells what was cut off
 * (SMP 2.1, section 5).
 */
export function isPurgeDue(account: Account, now: Timestamp, settings: Settings): boolean {
  const { deletedAt, creationDate } = account;
  return (
    deletedAt !== undefined &&
    account.clippedAmount === 0n &&
    secondsBetween(deletedAt, now) >= purgeDelaySeconds(settings) &&
    secondsBetween(startOfDay(creationDate), now) >= MIN_LIFE_SECONDS
  );
}

/** How long a deleted account stays at least. */
export function purgeDelaySeconds(
  settings: Pick<Settings, 'commitPeriodSeconds' | 'intranetExtremeDelaySeconds'>,
): number {
  return PURGE_MARGIN_SECONDS + settings.commitPeriodSeconds + settings.intranetExtremeDelaySeconds;
}

/** What is left of a purged account. */
export function tombstoneOf(
  { debtorId, creditorId, creationDate }: Account,
  now: Timestamp,
  settings: Settings,
): Tombstone {
  const sender = { debtorId, creditorId };
  const transferId = tombstoneIdOf(sender, now);
  return {
    kind: 'tombstone',
    sender,
    transferId,
    creationDate,
    purgedAt: now,
    expiresAt: expiryOf(now, settings),
  };
}

function startOfDay(date: string): Timestamp {
  return parseTimestamp(`${date}T00:00:00Z`) ?? EPOCH;
}
