/** Crediting: committed transfers reach their recipient's account, exactly once (SMP 2.1, sections 3, 5 and 7). */

import type { Timestamp } from '../protocol/timestamps.ts';
import {
  type Account,
  type AccountKey,
  addToPrincipal,
  announceAccount,
  announceAccountLater,
  type CurrencyTerms,
  changeAccount,
  createAccount,
  reviveAccount,
} from './account.ts';
import { BrokenInvariantError } from './errors.ts';
import { addInterest, compensationForDelay } from './interest.ts';
import { addLedgerEntry } from './ledger.ts';
import { expiryOf, type Transfer } from './transfer.ts';

export interface CreditDecision {
  readonly account: Account;
  /** The transfers as credited, in the order in which they were. */
  readonly records: readonly Transfer[];
}

/**
 * Credits transfers of status `committed`, all to the account `key`, in the order of their commits. A missing account is
 * created and a deleted one brought back, on the currency's present terms.
 */
export function credit(
  key: AccountKey,
  existing: Account | undefined,
  transfers: readonly Transfer[],
  terms: CurrencyTerms,
  now: Timestamp,
): CreditDecision {
  const wasAlive = existing !== undefined && existing.deletedAt === undefined;
  let account = openAccount(key, existing, terms, now);
  const records: Transfer[] = [];
  for (const transfer of [...transfers].sort(byCommit)) {
    const step = creditOne(account, transfer);
    account = step.account;
    records.push(step.record);
  }
  return { account: wasAlive ? announceAccountLater(account, now) : announceAccount(account, now), records };
}

function openAccount(
  key: AccountKey,
  existing: Account | undefined,
  terms: CurrencyTerms,
  now: Timestamp,
): Account {
  if (existing === undefined) {
    return createAccount(key, terms, now);
  }
  return existing.deletedAt === undefined
    ? changeAccount(existing, now)
    : reviveAccount(existing, terms, now);
}

/** `account` is already brought up to the present, which is its `lastChangeTs`. */
function creditOne(
  account: Account,
  transfer: Transfer,
): { readonly account: Account; readonly record: Transfer } {
  const { payment, request, status } = transfer;
  if (payment === undefined || status !== 'committed') {
    throw new BrokenInvariantError('only a committed transfer is credited', account);
  }
  const creditedAt = account.lastChangeTs;
  const late = compensationForDelay(account, payment.amount, payment.committedAt, creditedAt);
  const credited = addToPrincipal(
    { ...account, interest: addInterest(account.interest, late) },
    payment.amount,
  );
  const ledger = addLedgerEntry(credited, request.coordinatorType, payment.amount, payment.committedAt);
  return {
    account: ledger.account,
    record: {
      ...transfer,
      status: 'credited',
      credit: { creditedAt, recipientEntry: ledger.entry },
      expiresAt: expiryOf(creditedAt),
    },
  };
}

function byCommit(a: Transfer, b: Transfer): number {
  const [left, right] = [a.payment?.committedAt ?? 0n, b.payment?.committedAt ?? 0n];
  return left === right ? compare(a.transferId, b.transferId) : compare(left, right);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
