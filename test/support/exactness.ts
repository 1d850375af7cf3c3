/** Comparing computed numbers with literals, and with fractions, of more digits than a double has. */

import { Decimal } from 'decimal.js';
import type { Exact } from '../../lib/rules/exact.ts';

const Wide = Decimal.clone({ precision: 80, toExpNeg: -9e15, toExpPos: 9e15 });
/** Holds every sum and product of an int64 and a few doubles without rounding. */
const Unbounded = Decimal.clone({ precision: 4_000, toExpNeg: -9e15, toExpPos: 9e15 });

/** |actual − expected| ÷ |expected|, or the distance itself where 0 is expected. */
export function relativeError(actual: number | Exact, expected: string): number {
  const exact = new Wide(expected);
  const distance = new Wide(decimalOf(actual)).minus(exact).abs();
  return (exact.isZero() ? distance : distance.div(exact.abs())).toNumber();
}

/** All digits of the number. */
export function printExact(value: Exact): string {
  return decimalOf(value).toFixed();
}

/** The exact value, found otherwise than by the code under test: a double is doubled until it is whole. */
export function decimalOf(value: number | bigint | Exact): Decimal {
  if (typeof value === 'bigint') {
    return new Unbounded(value.toString());
  }
  if (typeof value === 'object') {
    return new Unbounded(value.units.toString()).div(new Unbounded(2).pow(value.bits));
  }
  let [whole, halvings] = [value, 0];
  while (!Number.isInteger(whole)) {
    whole *= 2;
    halvings += 1;
  }
  return new Unbounded(BigInt(whole).toString()).div(new Unbounded(2).pow(halvings));
}
