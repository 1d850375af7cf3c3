/** Exact arithmetic: doubles are their binary value, and nothing is rounded but the result. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact, floored, isGreater, minus, nearestDouble, plus, times } from '../../lib/rules/exact.ts';
import { decimalOf, printExact } from '../support/exactness.ts';
import { aFiniteDouble, anInt64 } from '../support/message-arbitraries.ts';

/** Near and beyond 2^53, where doubles are whole and sparse, and where they have fractions. */
const aDouble = fc.oneof(
  aFiniteDouble,
  fc.double({ min: -1e20, max: 1e20, noNaN: true }),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
);

describe('the exact value', () => {
  it.each([
    [72_740_019_829_006_704, '72740019829006704'],
    [2 ** 63, '9223372036854775808'],
    [1e22, '10000000000000000000000'],
    [1e23, '99999999999999991611392'],
    [0.1, '0.1000000000000000055511151231257827021181583404541015625'],
    [-0.1, '-0.1000000000000000055511151231257827021181583404541015625'],
    [0, '0'],
    [-0, '0'],
  ])('of the double %d is %s', (double, digits) => {
    expect(printExact(exact(double))).toBe(digits);
  });

  it('of every double is what halving and doubling say', () => {
    fc.assert(
      fc.property(aDouble, (double) => {
        expect(printExact(exact(double))).toBe(decimalOf(double).toFixed());
      }),
    );
  });

  it.each([Number.NaN, Infinity, -Infinity])('of %d is none', (value) => {
    expect(() => exact(value)).toThrow(RangeError);
  });

  it('gives the same double back', () => {
    fc.assert(
      fc.property(aDouble, (double) => {
        expect(nearestDouble(exact(double))).toBe(double === 0 ? 0 : double);
      }),
    );
    expect(nearestDouble(exact(5e-324))).toBe(5e-324);
    expect(nearestDouble(exact(-2.225_073_858_507_201e-308))).toBe(-2.225_073_858_507_201e-308);
  });
});

describe('sums and products', () => {
  it('lose nothing', () => {
    fc.assert(
      fc.property(anInt64, aDouble, aDouble, (integer, a, b) => {
        const sum = plus(exact(integer), exact(a));
        expect(printExact(sum)).toBe(decimalOf(integer).plus(decimalOf(a)).toFixed());
        expect(printExact(minus(exact(a), exact(b)))).toBe(decimalOf(a).minus(decimalOf(b)).toFixed());
        expect(printExact(times(sum, exact(b)))).toBe(
          decimalOf(integer).plus(decimalOf(a)).times(decimalOf(b)).toFixed(),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('are floored, and compared, by all their digits', () => {
    fc.assert(
      fc.property(anInt64, aDouble, (integer, double) => {
        const sum = plus(exact(integer), exact(double));
        const expected = decimalOf(integer).plus(decimalOf(double));
        expect(floored(sum)).toBe(BigInt(expected.floor().toFixed()));
        expect(isGreater(exact(integer), exact(double))).toBe(decimalOf(integer).gt(decimalOf(double)));
      }),
    );
    expect(floored(plus(exact(10n), exact(-5e-324)))).toBe(9n);
    expect(isGreater(exact(2n ** 53n + 1n), exact(2 ** 53))).toBe(true);
    expect(isGreater(exact(2 ** 53), exact(2n ** 53n))).toBe(false);
  });

  it('are rounded once, to the nearest double', () => {
    fc.assert(
      fc.property(anInt64, fc.double({ min: -1e20, max: 1e20, noNaN: true }), (integer, double) => {
        const sum = decimalOf(integer).plus(decimalOf(double));
        const rounded = nearestDouble(plus(exact(integer), exact(double)));
        // Half the distance to the next double, at the most.
        const bound = decimalOf(2 ** -53)
          .times(sum.abs())
          .plus(decimalOf(2 ** -1075));
        expect(decimalOf(rounded).minus(sum).abs().lte(bound)).toBe(true);
      }),
    );
  });

  it.each([
    ['halfway, to the even one below', 2n ** 53n + 1n, 2 ** 53],
    ['halfway, to the even one above', 2n ** 53n + 3n, 2 ** 53 + 4],
    ['a little more than halfway, far behind', 2n ** 200n + 2n ** 147n + 1n, 2 ** 200 + 2 ** 148],
    ['halfway, with nothing behind', 2n ** 200n + 2n ** 147n, 2 ** 200],
    ['below zero', -(2n ** 200n) - 2n ** 147n - 1n, -(2 ** 200) - 2 ** 148],
    ['beyond all doubles', 2n ** 2000n, Number.MAX_VALUE],
    ['below all doubles', -(2n ** 2000n), -Number.MAX_VALUE],
  ])('are rounded %s', (_case, integer, double) => {
    expect(nearestDouble(exact(integer))).toBe(double);
  });

  it('that no double is near enough to are zero', () => {
    expect(nearestDouble({ units: 1n, bits: 5_000 })).toBe(0);
    expect(nearestDouble({ units: 1n, bits: 1_074 })).toBe(5e-324);
    expect(nearestDouble({ units: (1n << 3_000n) + 1n, bits: 3_000 })).toBe(1);
  });
});
