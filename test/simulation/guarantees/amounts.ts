/**
 * Balances and locks computed once more, apart from the code under test: exactly where there is nothing to round, and between
 * two bounds where doubles decide.
 */

import { MAX_INT64 } from '../../../lib/protocol/integers.ts';
import { type Account, isRootAccount } from '../../../lib/rules/account.ts';

/** What a value is at least and at most, both included. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** Exact values are counted in units of 2^-128. */
const SCALE = 128n;
const MANTISSA_BITS = 52n;
const SECONDS_IN_YEAR = 365.25 * 86_400;
const HALF_IN_A_YEAR = 0.5;
/** What exponent, exponential function and product may be off, relative to the result. */
const ROUNDING = 1e-15;

const double = new DataView(new ArrayBuffer(8));

/** The double itself, not the text it is printed as; rounded down to units of 2^-128. */
export function exactOf(value: number): bigint {
  double.setFloat64(0, value);
  const bits = double.getBigUint64(0);
  const exponent = (bits >> MANTISSA_BITS) & 0x7ffn;
  const fraction = bits & ((1n << MANTISSA_BITS) - 1n);
  const mantissa = exponent === 0n ? fraction : fraction | (1n << MANTISSA_BITS);
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + SCALE;
  const signed = value < 0 ? -mantissa : mantissa;
  return shift >= 0n ? signed << shift : signed >> -shift;
}

export function exactInteger(value: bigint): bigint {
  return value << SCALE;
}

export function floorOf(exact: bigint): bigint {
  return exact >> SCALE;
}

/** The continuous growth rate, per second, of so many percent a year. */
export function perSecond(rate: number): number {
  return Math.log1p(rate / 100) / SECONDS_IN_YEAR;
}

/** What a balance grows by, and how much the code under test may differ from that. */
export function growthOf(account: Account, now: bigint): { readonly value: number; readonly doubt: number } {
  const balance = exactInteger(account.principal) + exactOf(account.interest);
  const seconds = Number(now - account.lastChangeTs) / 1e6;
  if (isRootAccount(account) || account.interestRate === 0 || seconds <= 0 || balance <= 0n) {
    return { value: 0, doubt: 0 };
  }
  const exponent = perSecond(account.interestRate) * seconds;
  const size = Number(account.principal) + account.interest;
  const value = size * Math.expm1(exponent);
  return { value, doubt: ROUNDING * (1 + Math.abs(exponent)) * (Math.abs(size) + Math.abs(value)) };
}

/** Principal and interest at the instant, in whole units. */
export function balanceAt(account: Account, now: bigint): Range {
  const start = exactInteger(account.principal) + exactOf(account.interest);
  const { value, doubt } = growthOf(account, now);
  const [grown, error] = [start + exactOf(value), exactOf(doubt)];
  return { low: floorOf(grown - error), high: floorOf(grown + error) };
}

/** What may be locked or spent beyond what is locked; may be negative. */
export function spendableAt(account: Account, now: bigint): Range {
  const { low, high } = balanceAt(account, now);
  const free = issuable(account) - account.totalLockedAmount;
  return { low: low + free, high: high + free };
}

/**
 * The same at an instant that is not sure: that of the clock, or, where the clock went back, the later one that the account's interest was
 * already brought to.
 */
export function spendableWithin(account: Account, now: bigint, broughtTo: bigint): Range {
  const [earlier, later] = [
    spendableAt(account, now),
    spendableAt(account, broughtTo > now ? broughtTo : now),
  ];
  return {
    low: earlier.low < later.low ? earlier.low : later.low,
    high: earlier.high > later.high ? earlier.high : later.high,
  };
}

/** How much a root account may owe; 0 for others. */
export function issuable(account: Account): bigint {
  if (!isRootAccount(account)) {
    return 0n;
  }
  const { limit } = account.configData === '' ? {} : JSON.parse(account.configData);
  const [most, negligible] = [BigInt(limit ?? MAX_INT64), BigInt(Math.floor(account.negligibleAmount))];
  return most < negligible ? most : negligible;
}

/** Whether a lock covers the amount after so many microseconds at −50 % a year; `undefined` where rounding decides. */
export function coversAfter(lockedAmount: bigint, amount: bigint, microseconds: bigint): boolean | undefined {
  if (amount > lockedAmount) {
    return false;
  }
  const years = Math.max(0, Number(microseconds) / 1e6) / SECONDS_IN_YEAR;
  const left = Number(lockedAmount) * HALF_IN_A_YEAR ** years;
  const doubt = years === 0 ? 0 : Number(lockedAmount) * ROUNDING * (1 + years);
  const wanted = Number(amount);
  return Math.abs(left - wanted) <= doubt ? (years === 0 ? true : undefined) : left > wanted;
}

export function add(a: Range, b: Range): Range {
  return { low: a.low + b.low, high: a.high + b.high };
}

/** How far apart two neighbouring doubles of this size are. */
export function spacingOf(size: number): number {
  return Math.abs(size) * Number.EPSILON + Number.MIN_VALUE;
}

/** A sum within int64: 64 bits with a sign, or the end that it went beyond. */
export function heldInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value) === value ? value : value < 0n ? -(1n << 63n) : (1n << 63n) - 1n;
}
