/**
 * Interest arithmetic (SMP 2.1, section 5): what a balance is worth at an instant, and what a late credit is owed.
 * `capitalize-interest.ts` decides when interest is paid into the principal.
 */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { type Exact, exact, floored, isGreater, minus, nearestDouble, plus, times } from './exact.ts';

const SECONDS_IN_YEAR = 365.25 * 86_400;

/** The fields of an account that its balance depends on. */
export interface InterestBearing {
  readonly creditorId: bigint;
  readonly principal: bigint;
  readonly interest: number;
  readonly interestRate: number;
  readonly previousInterestRate: number;
  readonly lastInterestRateChangeTs: Timestamp;
  readonly lastChangeTs: Timestamp;
}

/** The continuous growth rate, per second, of `rate` percent a year: `ln(1 + rate/100) / (365.25 × 86400)`. */
export function growthPerSecond(rate: number): number {
  return Math.log1p(rate / 100) / SECONDS_IN_YEAR;
}

/** Principal and interest at `now`, exact but for the growth factor. Root accounts and balances at or below zero accrue nothing. */
export function currentBalance(account: InterestBearing, now: Timestamp): Exact {
  const balance = plus(exact(account.principal), exact(account.interest));
  const seconds = secondsBetween(account.lastChangeTs, now);
  const accrues = account.creditorId !== ROOT_CREDITOR_ID && account.interestRate !== 0 && seconds > 0;
  return accrues && balance.units > 0n
    ? times(balance, growthFactor(growthPerSecond(account.interestRate) * seconds))
    : balance;
}

/** The interest accumulated until `now` and not yet in the principal, as the nearest double. */
export function currentInterest(account: InterestBearing, now: Timestamp): number {
  return nearestDouble(minus(currentBalance(account, now), exact(account.principal)));
}

/** The balance at `now` floored to whole units; may be negative. */
export function flooredBalance(account: InterestBearing, now: Timestamp): bigint {
  return floored(currentBalance(account, now));
}

/** What a credit that comes later than its commit is owed: `amount × (exp(k1·t1 + k2·t2) − 1)`. */
export function compensationForDelay(
  account: InterestBearing,
  { amount, committedAt }: { readonly amount: bigint; readonly committedAt: Timestamp },
  now: Timestamp,
): number {
  if (account.creditorId === ROOT_CREDITOR_ID || committedAt >= now) {
    return 0;
  }
  const change = account.lastInterestRateChangeTs;
  const turn = change < committedAt ? committedAt : change > now ? now : change;
  const exponent =
    growthPerSecond(account.previousInterestRate) * secondsBetween(committedAt, turn) +
    growthPerSecond(account.interestRate) * secondsBetween(turn, now);
  return nearestDouble(times(exact(amount), minus(growthFactor(exponent), exact(1n))));
}

/** The sum of two amounts of interest, as the nearest double. */
export function addInterest(interest: number, more: number | bigint): number {
  return nearestDouble(plus(exact(interest), exact(more)));
}

/** How long a locked amount has waited, and at which rate, in percent a year, it shrinks meanwhile. */
interface WaitingLock {
  readonly lockedAmount: bigint;
  readonly rate: number;
  readonly seconds: number;
}

/** Whether what is left of the locked amount still covers `amount`. */
export function coversAfterDemurrage({ lockedAmount, rate, seconds }: WaitingLock, amount: bigint): boolean {
  const factor = growthFactor(growthPerSecond(rate) * Math.max(seconds, 0));
  return !isGreater(exact(amount), times(exact(lockedAmount), factor));
}

/** exp(exponent), as exact as doubles of `exp` and `expm1` make it. Close to 1 the growth itself has all bits of a double. */
function growthFactor(exponent: number): Exact {
  if (Math.abs(exponent) < 1) {
    return plus(exact(1n), exact(Math.expm1(exponent)));
  }
  const double = Math.exp(exponent);
  if (Number.isFinite(double)) {
    return exact(double);
  }
  const root = growthFactor(exponent / 2);
  return times(root, root);
}
