/** The chore that announces many balance changes in one deferred AccountUpdate (SMP 2.1, section 4). */

import type { Timestamp } from '../protocol/timestamps.ts';
import { type Account, announceAccount } from './account.ts';

/** The account with its pending changes announced; the very same object when none are pending. */
export function announcePendingUpdate(account: Account, now: Timestamp): Account {
  return account.pendingUpdateSince === undefined ? account : announceAccount(account, now);
}
