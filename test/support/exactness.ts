/** Comparing computed numbers with literals of more digits than a double has. */

import { Decimal } from 'decimal.js';

const Wide = Decimal.clone({ precision: 80 });

/** |actual − expected| ÷ |expected|, or the distance itself where 0 is expected. */
export function relativeError(actual: Decimal.Value, expected: string): number {
  const exact = new Wide(expected);
  const distance = new Wide(actual).minus(exact).abs();
  return (exact.isZero() ? distance : distance.div(exact.abs())).toNumber();
}
