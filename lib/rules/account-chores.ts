/** All periodic work on one account (SMP 2.1, sections 5 to 7): what is due now, done in its order, as one change. */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { type Account, announceAccount, type CurrencyTerms } from './account.ts';
import { adoptTerms } from './adopt-terms.ts';
import { announcePendingUpdate, announceUnlessRecent } from './announce-account.ts';
import { capitalizeInterest } from './capitalize-interest.ts';
import { attemptDeletion, isPurgeDue, tombstoneOf } from './delete-account.ts';
import type { Circumstances, Settings } from './settings.ts';
import type { Tombstone, Transfer } from './transfer.ts';

export type AccountChore =
  | 'adopt-terms'
  | 'capitalize-interest'
  | 'attempt-deletion'
  | 'announce-overdue-update'
  | 'heartbeat'
  | 'purge';

export interface ChoresDecision {
  /** `undefined` when the account is to be removed; the very object that was given when nothing was due. */
  readonly account: Account | undefined;
  /** Payments to or from the root account that belong to the same change. */
  readonly payments: readonly Transfer<'committed'>[];
  /** What the purge leaves behind, in the same change. */
  readonly tombstone?: Tombstone;
  readonly done: readonly AccountChore[];
}

/** Far longer than the longest delay of a chore message: after this time the sweep announces the update. */
const UPDATE_OVERDUE_SECONDS = 3_600;

export function runAccountChores(
  existing: Account,
  terms: CurrencyTerms | undefined,
  { now, settings }: Circumstances,
): ChoresDecision {
  if (existing.deletedAt !== undefined) {
    return isPurgeDue(existing, now, settings)
      ? { account: undefined, payments: [], tombstone: tombstoneOf(existing, now, settings), done: ['purge'] }
      : { account: existing, payments: [], done: [] };
  }
  const done: AccountChore[] = [];
  const payments: Transfer<'committed'>[] = [];
  let account = existing;
  const proceed = (chore: AccountChore, next: Account, payment?: Transfer<'committed'>): void => {
    if (next !== account) {
      account = next;
      done.push(chore);
    }
    if (payment !== undefined) {
      payments.push(payment);
    }
  };
  proceed('adopt-terms', adoptTerms(account, terms, { now, settings }));
  const capitalization = capitalizeInterest(account, now, settings);
  proceed('capitalize-interest', capitalization?.account ?? account, capitalization?.payment);
  const deletion = attemptDeletion(account, now, settings);
  proceed('attempt-deletion', deletion?.account ?? account, deletion?.payment);
  proceed('announce-overdue-update', announceOverdueUpdate(account, now));
  proceed('heartbeat', sendHeartbeat(account, now, settings));
  return { account: announceUnlessRecent(existing, account, { now, settings }), payments, done };
}

function announceOverdueUpdate(account: Account, now: Timestamp): Account {
  return isUpdateOverdue(account, now) ? announcePendingUpdate(account, now) : account;
}

/** Whether balance changes should long have been announced. */
export function isUpdateOverdue({ pendingUpdateSince }: Account, now: Timestamp): boolean {
  return pendingUpdateSince !== undefined && secondsBetween(pendingUpdateSince, now) > UPDATE_OVERDUE_SECONDS;
}

/** The same AccountUpdate again with a new `ts`, so that clients know the account is alive and what it holds. */
function sendHeartbeat(account: Account, now: Timestamp, settings: Settings): Account {
  const isDue = secondsBetween(account.announcedAt, now) >= settings.heartbeatSeconds;
  return isDue ? announceAccount(account, now) : account;
}
