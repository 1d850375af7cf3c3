/** Periodic work on one transfer (SMP 2.1, section 6): reminders, and repairs of credits that should long have been made. */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import type { Settings } from './settings.ts';
import type { Transfer } from './transfer.ts';

/** What is to be done about a transfer: nothing, announce its lock again, or credit it now. */
export type TransferChore =
  | { readonly kind: 'none' }
  | { readonly kind: 'remind'; readonly transfer: Transfer }
  | { readonly kind: 'credit' };

/** Crediting takes seconds, or minutes after a failure; whoever was to do it has failed for good. */
const CREDIT_OVERDUE_SECONDS = 900;

const NONE: TransferChore = { kind: 'none' };

export function transferChore(transfer: Transfer, now: Timestamp, settings: Settings): TransferChore {
  const { status, preparation, payment } = transfer;
  if (status === 'prepared' && preparation !== undefined) {
    const isDue = secondsBetween(preparation.announcedAt, now) >= settings.reminderSeconds;
    return isDue
      ? { kind: 'remind', transfer: { ...transfer, preparation: { ...preparation, announcedAt: now } } }
      : NONE;
  }
  const isUncredited = status === 'committed' && payment !== undefined;
  return isUncredited && secondsBetween(payment.committedAt, now) > CREDIT_OVERDUE_SECONDS
    ? { kind: 'credit' }
    : NONE;
}
