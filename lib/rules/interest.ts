/**
 * Interest arithmetic (SMP 2.1, section 5): what a balance is worth at an instant, and what a late credit is owed.
 * `capitalize-interest.ts` decides when interest is paid into the principal.
 */

import { Decimal } from 'decimal.js';
import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';

const SECONDS_IN_YEAR = 365.25 * 86_400;

/** Principals reach 2^63 (19 digits) and need their fractions too, so doubles would not do. */
const Exact = Decimal.clone({ precision: 50, rounding: Decimal.ROUND_HALF_EVEN });

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

/** Principal and interest at `now`, exact to 28 digits and more. Root accounts and balances at or below zero accrue nothing. */
export function currentBalance(account: InterestBearing, now: Timestamp): Decimal {
  const balance = new Exact(account.principal.toString()).plus(account.interest);
  const seconds = secondsBetween(account.lastChangeTs, now);
  const accrues = account.creditorId !== ROOT_CREDITOR_ID && account.interestRate !== 0 && seconds > 0;
  return accrues && balance.isPositive()
    ? balance.times(factor(growthPerSecond(account.interestRate) * seconds))
    : balance;
}

/** The interest accumulated until `now` and not yet in the principal, as a finite double. */
export function currentInterest(account: InterestBearing, now: Timestamp): number {
  return finite(currentBalance(account, now).minus(account.principal.toString()));
}

/** The balance at `now` floored to whole units; may be negative. */
export function flooredBalance(account: InterestBearing, now: Timestamp): bigint {
  return toBigInt(currentBalance(account, now));
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
  return finite(new Exact(amount.toString()).times(Math.expm1(exponent)));
}

/** The sum of two amounts of interest, held within the finite doubles. */
export function addInterest(interest: number, more: number | bigint): number {
  return finite(new Exact(interest).plus(typeof more === 'bigint' ? more.toString() : more));
}

/** Accumulated interest floored to whole units; may be negative. */
export function flooredInterest(interest: number): bigint {
  return BigInt(Math.floor(interest));
}

/** How long a locked amount has waited, and at which rate, in percent a year, it shrinks meanwhile. */
interface WaitingLock {
  readonly lockedAmount: bigint;
  readonly rate: number;
  readonly seconds: number;
}

/** Whether what is left of the locked amount still covers `amount`. */
export function coversAfterDemurrage({ lockedAmount, rate, seconds }: WaitingLock, amount: bigint): boolean {
  const remaining = new Exact(lockedAmount.toString()).times(
    factor(growthPerSecond(rate) * Math.max(seconds, 0)),
  );
  return remaining.gte(amount.toString());
}

/** Floored to whole units; may be negative. */
function toBigInt(value: Decimal): bigint {
  return BigInt(value.floor().toFixed(0));
}

function factor(exponent: number): Decimal {
  const double = Math.exp(exponent);
  return Number.isFinite(double) ? new Exact(double) : new Exact(exponent).exp();
}

function finite(value: Decimal): number {
  const number = value.toNumber();
  return Number.isFinite(number) ? number : Math.sign(number) * Number.MAX_VALUE;
}
