/** Why accounts of a drained peer are still there, counted for the operator: nobody can make time pass, or others give money back. */

import { greaterOf } from '../../../protocol/integers.ts';
import { addSeconds, dateOf, EPOCH, parseTimestamp, type Timestamp } from '../../../protocol/timestamps.ts';
import { type Account, isRootAccount } from '../../../rules/account.ts';
import { purgeDelaySeconds } from '../../../rules/delete-account.ts';
import type { Settings } from '../../../rules/settings.ts';
import { isClosing } from './due-answers.ts';

const DAY_SECONDS = 86_400;
/** No account is removed earlier after its creation. */
const MIN_LIFE_SECONDS = 3 * DAY_SECONDS;

/** In the order in which an account goes through them. */
const REASONS = {
  open: 'not scheduled for deletion',
  locked: 'scheduled for deletion, but something is locked on it',
  owing:
    'the root account of a currency of which others hold some; it is deleted when all of it has come back',
  waiting: 'scheduled for deletion, which is tried from',
  clipped: 'deleted, and kept for ever, since its principal was once cut off',
  deleted: 'deleted, and removed from',
} as const;

export type Reason = keyof typeof REASONS;

export interface Remainder {
  readonly reason: Reason;
  /** When it may go; only where time alone decides. */
  readonly from?: Timestamp;
}

export function whyItRemains(account: Account, settings: Settings): Remainder {
  if (account.deletedAt !== undefined) {
    return account.clippedAmount === 0n
      ? { reason: 'deleted', from: purgeAt(account, account.deletedAt, settings) }
      : { reason: 'clipped' };
  }
  if (!isClosing(account)) {
    return { reason: 'open' };
  }
  if (account.pendingTransfersCount > 0) {
    return { reason: 'locked' };
  }
  if (isRootAccount(account) && account.principal !== 0n) {
    return { reason: 'owing' };
  }
  const afterConfig = addSeconds(account.lastConfigTs, settings.messageMaxDelaySeconds);
  const afterAttempt = addSeconds(account.lastDeletionAttemptTs, settings.deletionAttemptsMinSeconds);
  return { reason: 'waiting', from: greaterOf(afterConfig, afterAttempt) };
}

function purgeAt({ creationDate }: Account, deletedAt: Timestamp, settings: Settings): Timestamp {
  const created = parseTimestamp(`${creationDate}T00:00:00Z`) ?? EPOCH;
  return greaterOf(addSeconds(deletedAt, purgeDelaySeconds(settings)), addSeconds(created, MIN_LIFE_SECONDS));
}

interface Count {
  readonly count: number;
  /** The earliest and the latest of the instants. */
  readonly first: Timestamp | undefined;
  readonly last: Timestamp | undefined;
}

/** Counts accounts by why they remain. */
export class Remaining {
  readonly #counts = new Map<Reason, Count>();

  add({ reason, from }: Remainder): void {
    const { count = 0, first = from, last = from } = this.#counts.get(reason) ?? {};
    this.#counts.set(reason, {
      count: count + 1,
      first: from !== undefined && first !== undefined && from < first ? from : first,
      last: from !== undefined && last !== undefined && from > last ? from : last,
    });
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, { count }) => sum + count, 0);
  }

  of(reason: Reason): number {
    return this.#counts.get(reason)?.count ?? 0;
  }

  /** One line for each reason that there is. */
  *lines(): Generator<string> {
    for (const [reason, words] of Object.entries(REASONS)) {
      const found = this.#counts.get(reason as Reason);
      if (found !== undefined) {
        yield `${found.count}: ${words}${printDates(found)}`;
      }
    }
  }
}

function printDates({ first, last }: Count): string {
  if (first === undefined || last === undefined) {
    return '';
  }
  const [from, to] = [dateOf(first), dateOf(last)];
  return from === to ? ` ${from}` : ` ${from}, the last from ${to}`;
}
