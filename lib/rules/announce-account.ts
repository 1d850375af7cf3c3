/** When balance changes are announced: a lone one at once, those that follow it together, later (SMP 2.1, section 4). */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { type Account, announceAccount } from './account.ts';
import type { Circumstances } from './settings.ts';

/** The account with its pending changes announced; the very same object when none are pending. */
export function announcePendingUpdate(account: Account, now: Timestamp): Account {
  return account.pendingUpdateSince === undefined ? account : announceAccount(account, now);
}

/**
 * Ends a change of an account: what is pending is announced by the change itself when the change sends an AccountUpdate anyway, or
 * none was sent for long; so neither a lone payment nor a busy account takes a further write. Otherwise a chore announces it.
 * @param before the account before the change
 */
export function announceUnlessRecent(
  before: Account | undefined,
  after: Account,
  { now, settings }: Circumstances,
): Account {
  if (after === before) {
    return after;
  }
  const isAnnouncing = after.announcedAt !== before?.announcedAt;
  const isRecent = secondsBetween(after.announcedAt, now) < settings.accountUpdateDelaySeconds;
  return isAnnouncing || !isRecent ? announcePendingUpdate(after, now) : after;
}

/**
 * What a chore does: announces changes that are pending since the instant for which it was sent, or longer. What became pending
 * later, after a change had announced the earlier ones, has a chore of its own.
 */
export function announcePendingSince(account: Account, since: Timestamp, now: Timestamp): Account {
  const { pendingUpdateSince } = account;
  return pendingUpdateSince !== undefined && pendingUpdateSince <= since
    ? announceAccount(account, now)
    : account;
}
