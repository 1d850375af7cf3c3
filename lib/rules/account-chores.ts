/** All periodic work on one account (SMP 2.1, sections 5 to 7): what is due now, done in its order, as one change. */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { type Account, announceAccount, type CurrencyTerms } from './account.ts';
import { adoptTerms } from './adopt-terms.ts';
import { announcePendingUpdate } from './announce-account.ts';
import { capitalizeInterest } from './capitalize-interest.ts';
import { attemptDeletion, isPurgeDue } from './delete-account.ts';
import type { Settings } from './settings.ts';
import type { Transfer } from './transfer.ts';

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
  readonly payments: readonly Transfer[];
  readonly done: readonly AccountChore[];
}

/** Far longer than the longest delay of a chore message: whoever was to announce the update has failed. */
const UPDATE_OVERDUE_SECONDS = 3_600;

export function runAccountChores(
  existing: Account,
  terms: CurrencyTerms,
  now: Timestamp,
  settings: Settings,
): ChoresDecision {
  if (existing.deletedAt !== undefined) {
    return isPurgeDue(existing, now, settings)
      ? { account: undefined, payments: [], done: ['purge'] }
      : { account: existing, payments: [], done: [] };
  }
  const done: AccountChore[] = [];
  const payments: Transfer[] = [];
  let account = existing;
  const proceed = (chore: AccountChore, next: Account, payment?: Transfer): void => {
    if (next !== account) {
      account = next;
      done.push(chore);
    }
    if (payment !== undefined) {
      payments.push(payment);
    }
  };
  proceed('adopt-terms', adoptTerms(account, terms, now, settings));
  const capitalization = capitalizeInterest(account, now, settings);
  proceed('capitalize-interest', capitalization?.account ?? account, capitalization?.payment);
  const deletion = attemptDeletion(account, now, settings);
  proceed('attempt-deletion', deletion?.account ?? account, deletion?.payment);
  proceed('announce-overdue-update', announceOverdueUpdate(account, now));
  proceed('heartbeat', sendHeartbeat(account, now, settings));
  return { account, payments, done };
}

function announceOverdueUpdate(account: Account, now: Timestamp): Account {
  const { pendingUpdateSince } = account;
  const isOverdue =
    pendingUpdateSince !== undefined && secondsBetween(pendingUpdateSince, now) > UPDATE_OVERDUE_SECONDS;
  return isOverdue ? announcePendingUpdate(account, now) : account;
}

/** The same AccountUpdate again with a new `ts`, so that clients know the account is alive and what it holds. */
function sendHeartbeat(account: Account, now: Timestamp, settings: Settings): Account {
  const isDue = secondsBetween(account.announcedAt, now) >= settings.heartbeatSeconds;
  return isDue ? announceAccount(account, now) : account;
}
