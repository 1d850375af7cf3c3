/** Credits committed transfers to their recipient's account (SMP 2.1, sections 3, 5 and 7). */

import {
  type Account,
  type AccountKey,
  addToPrincipal,
  announceAccount,
  announceAccountLater,
  type CurrencyTerms,
  changeAccount,
  createAccount,
  livingAccount,
  reviveAccount,
} from './account.ts';
import { announceUnlessRecent } from './announce-account.ts';
import { addInterest, compensationForDelay } from './interest.ts';
import { addLedgerEntry } from './ledger.ts';
import type { Circumstances, Settings } from './settings.ts';
import { type Transfer, transferExpiry } from './transfer.ts';

/** The account to credit, and the terms of its currency, which a new account starts with. */
export interface Recipient {
  readonly key: AccountKey;
  readonly account: Account | undefined;
  readonly terms: CurrencyTerms | undefined;
}

export interface CreditDecision {
  readonly account: Account;
  /** The credited transfers, in the order in which they were credited. */
  readonly records: readonly Transfer<'credited'>[];
}

/**
 * Credits the transfers, which all are for this recipient, in the order of their commits. Creates a missing account and
 * brings a deleted one back.
 */
export function credit(
  recipient: Recipient,
  transfers: readonly Transfer<'committed'>[],
  circumstances: Circumstances,
): CreditDecision {
  const { now, settings } = circumstances;
  const wasAlive = livingAccount(recipient.account) !== undefined;
  let account = openAccount(recipient, circumstances);
  const records: Transfer<'credited'>[] = [];
  for (const transfer of [...transfers].sort(byCommit)) {
    const step = creditOne(account, transfer, settings);
    account = step.account;
    records.push(step.record);
  }
  return {
    account: wasAlive
      ? announceUnlessRecent(recipient.account, announceAccountLater(account, now), circumstances)
      : announceAccount(account, now),
    records,
  };
}

function openAccount({ key, account, terms }: Recipient, circumstances: Circumstances): Account {
  const { now } = circumstances;
  if (account === undefined) {
    return createAccount(key, terms, circumstances);
  }
  return account.deletedAt === undefined ? changeAccount(account, now) : reviveAccount(account, terms, now);
}

/** @param account as it is after `changeAccount`, whose `lastChangeTs` is the moment of the credit */
function creditOne(
  account: Account,
  transfer: Transfer<'committed'>,
  settings: Settings,
): { readonly account: Account; readonly record: Transfer<'credited'> } {
  const { amount, committedAt } = transfer.payment;
  const { coordinatorType } = transfer.request;
  const creditedAt = account.lastChangeTs;
  const late = compensationForDelay(account, transfer.payment, creditedAt);
  const credited = addToPrincipal({ ...account, interest: addInterest(account.interest, late) }, amount);
  const ledger = addLedgerEntry(credited, { coordinatorType, acquiredAmount: amount, committedAt });
  return {
    account: ledger.account,
    record: {
      ...transfer,
      status: 'credited',
      credit: { creditedAt, recipientEntry: ledger.entry },
      expiresAt: transferExpiry(transfer, creditedAt, settings),
    },
  };
}

function byCommit(a: Transfer<'committed'>, b: Transfer<'committed'>): number {
  return compare(a.payment.committedAt, b.payment.committedAt) || compare(a.transferId, b.transferId);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
