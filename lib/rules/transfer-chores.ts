/** Periodic work on one transfer: reminders (SMP 2.1, section 6), and the repair of credits that failed for good. */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import type { Settings } from './settings.ts';
import type { Transfer } from './transfer.ts';

/** What is due for a transfer: nothing, to announce its lock again, or to credit it now. */
export type TransferChore =
  | { readonly kind: 'none' }
  | { readonly kind: 'remind'; readonly transfer: Transfer<'prepared'> }
  | { readonly kind: 'credit'; readonly transfer: Transfer<'committed'> };

/** Crediting takes seconds, or minutes after a failure. After this time the sweep does it. */
const CREDIT_OVERDUE_SECONDS = 900;

const NONE: TransferChore = { kind: 'none' };

export function transferChore(transfer: Transfer, now: Timestamp, settings: Settings): TransferChore {
  if (transfer.status === 'prepared') {
    const { preparation } = transfer;
    return secondsBetween(preparation.announcedAt, now) >= settings.reminderSeconds
      ? { kind: 'remind', transfer: { ...transfer, preparation: { ...preparation, announcedAt: now } } }
      : NONE;
  }
  return transfer.status === 'committed' && isCreditOverdue(transfer, now)
    ? { kind: 'credit', transfer }
    : NONE;
}

/** Whether the recipient should long have been credited. */
export function isCreditOverdue({ payment }: Transfer<'committed'>, now: Timestamp): boolean {
  return secondsBetween(payment.committedAt, now) > CREDIT_OVERDUE_SECONDS;
}
