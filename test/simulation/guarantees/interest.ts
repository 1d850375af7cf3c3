/**
 * Interest (SMP 2.1, section 5), computed once more: accrued until each change, owed to late credits, paid into the principal.
 * What a rate was before its latest change is not taken from the account, but from what was seen of it.
 */

import { MAX_INT64, MIN_INT64 } from '../../../lib/protocol/integers.ts';
import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { Payment } from '../../../lib/rules/transfer.ts';
import type { Commit } from '../history.ts';
import { exactInteger, exactOf, growthOf, perSecond, spacingOf } from './amounts.ts';
import { type CommitCheck, show } from './violation.ts';

/** The rates of an account as they were seen. */
interface Rates {
  readonly rate: number;
  readonly former: number;
  /** Since when the rate is so, in microseconds. */
  readonly since: bigint;
}

/** What sums and exponentials of doubles may be off, relative to the result. */
const ROUNDING = 1e-14;

export function interestAccrues(): CommitCheck {
  const seen = new Map<string, Rates>();
  return (commit) => {
    for (const { before, after } of commit.accounts) {
      if (after === undefined) {
        continue;
      }
      const key = printAccountKey(after);
      const rates = ratesOf(before, after, seen.get(key));
      seen.set(key, rates);
      const fault = after.deletedAt === undefined ? faultOf(before, after, rates, commit) : undefined;
      if (fault !== undefined) {
        return {
          guarantee: 'Interest is accrued until each change, and credits that come late are owed it too',
          details: `account ${key} ${fault}: ${show(before)} → ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function ratesOf(before: Account | undefined, after: Account, known: Rates | undefined): Rates {
  if (known === undefined || before === undefined) {
    return { rate: after.interestRate, former: 0, since: after.lastInterestRateChangeTs };
  }
  return known.rate === after.interestRate
    ? known
    : { rate: after.interestRate, former: known.rate, since: after.lastChangeTs };
}

function faultOf(
  before: Account | undefined,
  after: Account,
  rates: Rates,
  commit: Commit,
): string | undefined {
  const start = before?.interest ?? 0;
  const accrued = before === undefined ? { value: 0, doubt: 0 } : growthOf(before, after.lastChangeTs);
  const credits = creditsOf(after, commit).map((payment) => owedTo(payment, after, rates));
  const paid = interestPaidTo(after, commit);
  const owed = credits.reduce((sum, amount) => sum + exactOf(amount), 0n);
  const expected = exactOf(start) + exactOf(accrued.value) + owed - exactInteger(paid ?? 0n);
  const size = credits.reduce((sum, amount) => sum + Math.abs(amount), 0);
  const steps = 2 + credits.length;
  const doubt =
    accrued.doubt +
    ROUNDING * size +
    steps * spacingOf(Math.abs(start) + Math.abs(accrued.value) + size) +
    growthOfEarlierDebits(before, after, commit) +
    // What is left of a small interest after whole units were paid may be far larger than it was, and coarser.
    spacingOf(after.interest);
  const difference = exactOf(after.interest) - expected;
  const most = exactOf(doubt);
  if (difference > most || difference < -most) {
    return `should have an interest of ${Number(expected >> 64n) / 2 ** 64}`;
  }
  return paid === undefined ? undefined : capitalizationFault(after, paid);
}

/**
 * The steps of one commit may have moments of their own: none is dated before its transfer was prepared, by a clock that may have
 * been ahead. What was debited at an earlier moment accrues nothing until the last one.
 */
function growthOfEarlierDebits(before: Account | undefined, after: Account, { records }: Commit): number {
  const start = before?.lastChangeTs ?? after.lastChangeTs;
  return records.reduce((sum, { before: was, after: record }) => {
    const isDebit =
      record?.kind === 'transfer' && record.payment && !(was?.kind === 'transfer' && was.payment);
    if (!isDebit || record.sender.creditorId !== after.creditorId) {
      return sum;
    }
    const { amount, committedAt } = record.payment;
    const from = committedAt > start ? committedAt : start;
    const seconds = Number(after.lastChangeTs - from) / 1e6;
    return sum + Math.abs(Number(amount) * Math.expm1(perSecond(after.interestRate) * Math.max(0, seconds)));
  }, 0);
}

/** Whole units are paid, and what is left is less than one of them. */
function capitalizationFault({ interest }: Account, paid: bigint): string | undefined {
  const isClipped = paid === MAX_INT64 || paid === MIN_INT64;
  return isClipped || (interest >= 0 && interest < 1)
    ? undefined
    : `has ${interest} left after ${paid} was paid`;
}

function creditsOf(account: Account, { records }: Commit): Payment[] {
  if (isRootAccount(account)) {
    return [];
  }
  return records.flatMap(({ before, after }) =>
    after?.kind === 'transfer' &&
    after.credit !== undefined &&
    after.payment !== undefined &&
    !(before?.kind === 'transfer' && before.credit !== undefined) &&
    after.sender.debtorId === account.debtorId &&
    after.recipientId === account.creditorId
      ? [after.payment]
      : [],
  );
}

/** amount × (exp(k1·t1 + k2·t2) − 1), with the parts of the delay before and after the latest change of the rate. */
function owedTo({ amount, committedAt }: Payment, { lastChangeTs }: Account, rates: Rates): number {
  const [from, to] = [Number(committedAt), Math.max(Number(lastChangeTs), Number(committedAt))];
  const turn = Math.min(Math.max(Number(rates.since), from), to);
  const exponent = (perSecond(rates.former) * (turn - from) + perSecond(rates.rate) * (to - turn)) / 1e6;
  return Number(amount) * Math.expm1(exponent);
}

/** What went from interest into the principal; `undefined` where nothing did. */
function interestPaidTo({ debtorId, creditorId }: Account, { records }: Commit): bigint | undefined {
  const payment = records.find(
    ({ before, after }) =>
      before === undefined &&
      after?.kind === 'transfer' &&
      after.request.coordinatorType === 'interest' &&
      after.sender.debtorId === debtorId &&
      after.sender.creditorId === creditorId,
  )?.after;
  return payment?.kind === 'transfer' ? -(payment.payment?.amount ?? 0n) : undefined;
}
