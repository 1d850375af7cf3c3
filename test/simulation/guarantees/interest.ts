/** Interest (SMP 2.1, section 5), computed independently in plain doubles: accrued until each change, and for late credits. */

import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { Commit } from '../history.ts';
import { type CommitCheck, show } from './violation.ts';

export function interestAccrues(): CommitCheck {
  return (commit) => {
    for (const { before, after } of commit.accounts) {
      if (after === undefined || after.deletedAt !== undefined) {
        continue;
      }
      const { value, tolerance } = expectedInterest(before, after, commit);
      if (Math.abs(after.interest - value) > tolerance) {
        return {
          guarantee: 'Interest is accrued until each change, and credits that come late are owed it too',
          details: `account ${printAccountKey(after)} should have ${value}: ${show(before)} → ${show(after)}`,
        };
      }
    }
    return undefined;
  };
}

function expectedInterest(before: Account | undefined, after: Account, commit: Commit) {
  const start = before?.interest ?? 0;
  const accrued = before === undefined ? 0 : accrual(before, after.lastChangeTs);
  const owed = compensation(after, commit);
  const paid = before === undefined ? 0 : interestPaid(after, commit);
  const size = Math.abs(Number(before?.principal ?? 0n)) + Math.abs(start) + Math.abs(paid) + Math.abs(owed);
  return {
    value: start + accrued + owed - paid,
    tolerance: 1e-9 * (1 + Math.abs(accrued) + Math.abs(owed)) + 1e-12 * size,
  };
}

/** How much the balance grows from the last change until `now`. */
function accrual(account: Account, now: bigint): number {
  const balance = Number(account.principal) + account.interest;
  const seconds = Number(now - account.lastChangeTs) / 1e6;
  return isRootAccount(account) || balance <= 0 || seconds <= 0
    ? 0
    : balance * Math.expm1(perSecond(account.interestRate) * seconds);
}

function compensation(after: Account, { records }: Commit): number {
  if (isRootAccount(after)) {
    return 0;
  }
  const { debtorId, creditorId, lastInterestRateChangeTs: change } = after;
  let sum = 0;
  for (const { before, after: record } of records) {
    const isCredit =
      record?.kind === 'transfer' &&
      record.credit !== undefined &&
      !(before?.kind === 'transfer' && before.credit !== undefined) &&
      record.sender.debtorId === debtorId &&
      record.recipientId === creditorId;
    const payment = isCredit ? record.payment : undefined;
    if (payment !== undefined) {
      const [from, to] = [Number(payment.committedAt), Number(after.lastChangeTs)];
      const turn = Math.min(Math.max(Number(change), from), Math.max(from, to));
      const exponent =
        (perSecond(after.previousInterestRate) * (turn - from) +
          perSecond(after.interestRate) * (Math.max(to, from) - turn)) /
        1e6;
      sum += Number(payment.amount) * Math.expm1(exponent);
    }
  }
  return sum;
}

/** The amount that moved from interest into the principal. */
function interestPaid({ debtorId, creditorId }: Account, { records }: Commit): number {
  let sum = 0;
  for (const { before, after } of records) {
    const isOurs =
      before === undefined &&
      after?.kind === 'transfer' &&
      after.request.coordinatorType === 'interest' &&
      after.sender.debtorId === debtorId &&
      after.sender.creditorId === creditorId;
    sum -= isOurs ? Number(after.payment?.amount ?? 0n) : 0;
  }
  return sum;
}

function perSecond(rate: number): number {
  return Math.log1p(rate / 100) / (365.25 * 86_400);
}
