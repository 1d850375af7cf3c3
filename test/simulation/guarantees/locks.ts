/** Guarantee 3, and the purpose of locks: nobody spends more than there is. */

import { type Account, isRootAccount, printAccountKey } from '../../../lib/rules/account.ts';
import type { TransferRecord } from '../../../lib/rules/transfer.ts';
import type { Features } from '../features.ts';
import type { Commit, Pair } from '../history.ts';
import { issuable } from './amounts.ts';
import type { CommitCheck, Violation } from './violation.ts';

/** The name under which an operator changes items by hand. */
export const OPERATOR = 'operator';

/** The total locked amount and count are those of the prepared transfers; both are ≥ 0. */
export function locksAddUp(): CommitCheck {
  const locks = new Map<string, { amount: bigint; count: number }>();
  const accounts = new Map<string, Account>();
  /** Transfers that an operator says there are, so that there are nearly too many. */
  const feigned = new Map<string, number>();
  return (commit) => {
    for (const { before, after } of commit.accounts) {
      if (commit.by?.name === OPERATOR) {
        const more = (after?.pendingTransfersCount ?? 0) - (before?.pendingTransfersCount ?? 0);
        feigned.set(printAccountKey((after ?? before) as Account), more);
      }
      const account = (after ?? before) as Account;
      accounts.set(
        printAccountKey(account),
        after ?? { ...account, totalLockedAmount: 0n, pendingTransfersCount: 0 },
      );
    }
    for (const { before, after } of commit.records) {
      const key = printAccountKey(((after ?? before) as TransferRecord).sender);
      const { amount, count } = locks.get(key) ?? { amount: 0n, count: 0 };
      locks.set(key, {
        amount: amount + (lockOf(after) ?? 0n) - (lockOf(before) ?? 0n),
        count: count + (lockOf(after) === undefined ? 0 : 1) - (lockOf(before) === undefined ? 0 : 1),
      });
    }
    return firstOf(touchedBy(commit), (key) =>
      compare(key, accounts.get(key), locks.get(key), feigned.get(key) ?? 0),
    );
  };
}

function compare(
  key: string,
  account: Account | undefined,
  { amount, count } = { amount: 0n, count: 0 },
  feigned: number,
): Violation | undefined {
  const { totalLockedAmount = 0n, pendingTransfersCount = 0 } = account ?? {};
  const isRight =
    totalLockedAmount === amount && pendingTransfersCount - feigned === count && amount >= 0n && count >= 0;
  return isRight
    ? undefined
    : {
        guarantee:
          '3. The total locked amount is the sum of the prepared transfers’ locked amounts; their count likewise',
        details:
          `account ${key} has ${totalLockedAmount} locked by ${pendingTransfersCount}, ` +
          `its prepared transfers ${amount} by ${count}`,
      };
}

/** An ordinary account has what it locks, so it never owes anything while interest is not negative. */
export function locksAreCovered({ negativeInterest, clockSkew }: Features): CommitCheck {
  const leeway = 2 * clockSkew + 60;
  const peaks = new Map<string, { principal: number; disagreement: number }>();
  return ({ accounts, at }) => {
    if (negativeInterest > 0) {
      return undefined;
    }
    for (const { after } of accounts) {
      if (after === undefined || isRootAccount(after)) {
        continue;
      }
      const key = printAccountKey(after);
      const peak = peaks.get(key) ?? { principal: 0, disagreement: 0 };
      peaks.set(key, peak);
      peak.principal = Math.max(peak.principal, Number(after.principal));
      // Clocks that disagree also disagree about interest, on any balance and at any rate that there ever was.
      const disagreement = growth(peak.principal, after.interestRate, leeway);
      peak.disagreement = Math.max(peak.disagreement, disagreement);
      const bound = balanceAt(after, at, leeway) + BigInt(Math.ceil(peak.disagreement));
      if (bound < after.totalLockedAmount) {
        return {
          guarantee: 'An ordinary account never locks or spends more than it has',
          details:
            `account ${key} has ${after.principal} and ${after.interest} of interest, ` +
            `and ${after.totalLockedAmount} locked`,
        };
      }
    }
    return undefined;
  };
}

/** An upper bound of the account's balance at the instant, by any clock. */
function balanceAt(
  { principal, interest, interestRate, lastChangeTs }: Account,
  instant: number,
  leeway: number,
): bigint {
  const seconds = Math.max(0, (instant - Number(lastChangeTs)) / 1e6 + leeway);
  const more = interest + Math.max(0, growth(Number(principal) + interest, interestRate, seconds));
  return principal + BigInt(Math.floor(more + Math.abs(more) * 1e-12)) + (more === 0 ? 0n : 1n);
}

function growth(balance: number, interestRate: number, seconds: number): number {
  return balance * Math.expm1((Math.log1p(interestRate / 100) / (365.25 * 86_400)) * seconds);
}

/** A root account issues no more than its limit and its negligible amount allow, with its locks counted. */
export function issuingIsLimited(): CommitCheck {
  return ({ accounts, records }) => {
    for (const { before, after } of accounts) {
      const isSameConfig =
        before?.lastConfigTs === after?.lastConfigTs && before?.lastConfigSeqnum === after?.lastConfigSeqnum;
      if (after === undefined || !isRootAccount(after) || !isSameConfig) {
        continue;
      }
      const own = records.filter((record) => isSentBy(after, record));
      if (!own.some(takesMore)) {
        continue;
      }
      const left = after.principal - after.totalLockedAmount + issuable(after);
      if (left < 0n) {
        return {
          guarantee: 'A root account never issues beyond its limit',
          details: `root account ${printAccountKey(after)} is ${-left} beyond it`,
        };
      }
    }
    return undefined;
  };
}

/** Other accounts may be changed by the same commit. */
function isSentBy(account: Account, { before, after }: Pair<TransferRecord>): boolean {
  return printAccountKey(((after ?? before) as TransferRecord).sender) === printAccountKey(account);
}

/** Whether the transfer takes an amount from the sender that was not locked before. */
function takesMore({ before, after }: Pair<TransferRecord>): boolean {
  if (after?.kind !== 'transfer') {
    return false;
  }
  const locked = lockOf(before) ?? 0n;
  const isPaid = after.finalization !== undefined && lockOf(before) !== undefined;
  return isPaid ? after.finalization.committedAmount > locked : (lockOf(after) ?? 0n) > locked;
}

function lockOf(record: TransferRecord | undefined): bigint | undefined {
  return record?.kind === 'transfer' && record.status === 'prepared'
    ? record.preparation?.lockedAmount
    : undefined;
}

function touchedBy({ accounts, records }: Commit): Set<string> {
  return new Set([
    ...accounts.map(({ before, after }) => printAccountKey((after ?? before) as Account)),
    ...records.map(({ before, after }) => printAccountKey(((after ?? before) as TransferRecord).sender)),
  ]);
}

function firstOf<T>(items: Iterable<T>, check: (item: T) => Violation | undefined): Violation | undefined {
  for (const item of items) {
    const violation = check(item);
    if (violation !== undefined) {
      return violation;
    }
  }
  return undefined;
}
