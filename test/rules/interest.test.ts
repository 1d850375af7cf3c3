/**
 * Interest arithmetic. The expected values are closed forms, computed with 60 digits by mpmath:
 * `(principal + interest) × (1 + rate/100) ^ (seconds / 31557600)`. The growth factor may come from a double, so a
 * balance may be off by about one part in 10^15; what is added to the factor's precision is tested apart.
 */

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minus } from '../../lib/rules/exact.ts';
import {
  addInterest,
  coversAfterDemurrage,
  currentBalance,
  currentInterest,
  flooredBalance,
  growthPerSecond,
  type InterestBearing,
} from '../../lib/rules/interest.ts';
import { NOW } from '../support/builders.ts';
import { decimalOf, printExact, relativeError } from '../support/exactness.ts';

function bearing(changes: Partial<InterestBearing>): InterestBearing {
  return {
    creditorId: 1_099_511_627_777n,
    principal: 0n,
    interest: 0,
    interestRate: 0,
    previousInterestRate: 0,
    lastInterestRateChangeTs: 0n,
    lastChangeTs: NOW,
    ...changes,
  };
}

describe('the growth per second', () => {
  it.each([
    [0, '0'],
    [5, '1.546067006661850174454787570131e-9'],
    [100, '2.196450872563012743102238831401e-8'],
    [-50, '-2.196450872563012743102238831401e-8'],
    [1e-10, '3.168808781401310734758656072688e-20'],
  ])('at %d percent a year is ln(1 + rate/100) / 31557600', (rate, growth) => {
    expect(relativeError(growthPerSecond(rate), growth)).toBeLessThan(1e-15);
  });
});

describe('the balance', () => {
  it.each([
    ['5 % in 365 days', 1_000_000n, 0, 5, 31_536_000_000_000n, '1049964.935785777714972496268506', 1e-15],
    [
      'a millionth of a percent in a year',
      2n ** 63n - 1n,
      0,
      1e-6,
      31_557_600_000_000n,
      '9223372129088496175.547753896250',
      1e-15,
    ],
    [
      '100 % in a year, which doubles it',
      2n ** 63n - 1n,
      0,
      100,
      31_557_600_000_000n,
      '18446744073709551614',
      1e-15,
    ],
    [
      '5 % in a day, interest included',
      2n ** 63n - 1n,
      123_456.789,
      5,
      86_400_000_000n,
      '9224604178931317597.543183735255',
      1e-15,
    ],
    [
      '100 % in ten years, which makes it 1024 times as much',
      1n,
      0.25,
      100,
      315_576_000_000_000n,
      '1280',
      1e-14,
    ],
    [
      '−50 % in 3 h 25 min',
      123_456_789_012_345_678n,
      -0.5,
      -50,
      12_345_678_901n,
      '123423316171960670.5504895612820',
      1e-15,
    ],
    [
      '3 % in a year, on interest alone',
      -5n,
      10.5,
      3,
      31_557_600_000_000n,
      '5.665000000000000000000000000000',
      1e-15,
    ],
    ['33.3 % in a second', 1000n, 0, 33.3, 1_000_000n, '1000.000009108171803481944145349', 1e-15],
    ['7 % in a microsecond', 1000n, 0, 7, 1n, '1000.000000000002143973194216762', 1e-15],
    ['−12.5 % in a week', 10n ** 18n, 0, -12.5, 604_800_000_000n, '997444148565401779.8763060822706', 1e-15],
    [
      '2.5 % in half a year',
      2n ** 62n,
      0,
      2.5,
      15_778_800_000_000n,
      '4668976240127231608.658416294100',
      1e-15,
    ],
    [
      '100 % in a century, far beyond int64',
      7n,
      0,
      100,
      3_155_760_000_000_000n,
      '8873554201597605810476922437632',
      1e-13,
    ],
    ['0.1 % in a day', 10n ** 15n, 1e-7, 0.1, 86_400_000_000n, '1000002736486517.843949550695519', 1e-15],
  ])('grows by %s', (_case, principal, interest, interestRate, elapsed, balance, tolerance) => {
    const account = bearing({ principal, interest, interestRate });
    expect(relativeError(currentBalance(account, NOW + elapsed), balance)).toBeLessThan(tolerance);
  });

  it.each([
    ['100 % in 100 years', 100, 100],
    ['100 % in 1,000 years', 100, 1_000],
    ['100 % in 1,020 years, about as much as a double holds', 100, 1_020],
    ['−50 % in 1,000 years', -50, 1_000],
  ])(
    'grows by a factor that is as exact as a double, however far from 1: %s',
    (_case, interestRate, years) => {
      const seconds = years * 31_557_600;
      const balance = currentBalance(
        bearing({ principal: 1n, interestRate }),
        NOW + BigInt(seconds) * 1_000_000n,
      );
      const factor = Decimal.exp(decimalOf(growthPerSecond(interestRate) * seconds));
      expect(relativeError(balance, factor.toFixed())).toBeLessThan(2 ** -52);
    },
  );

  it('has 28 exact digits and more where nothing grows', () => {
    const account = bearing({ principal: 2n ** 63n - 1n, interest: 0.123456789 });
    expect(printExact(currentBalance(account, NOW))).toBe(
      '9223372036854775807.12345678899999999733605449137030518613755702972412109375',
    );
    const tiny = bearing({ principal: -(2n ** 63n), interest: 2 ** -20 });
    expect(printExact(currentBalance(tiny, NOW))).toBe('-9223372036854775807.99999904632568359375');
  });

  it('tells apart principals near 2^63 that differ by 1, before and after they grew', () => {
    const later = NOW + 31_557_600_000_000n;
    const low = bearing({ principal: 2n ** 63n - 2n, interestRate: 50 });
    const high = bearing({ principal: 2n ** 63n - 1n, interestRate: 50 });
    const difference = minus(currentBalance(high, later), currentBalance(low, later));
    expect(relativeError(difference, '1.5')).toBeLessThan(1e-15);
  });

  it.each([
    ['a balance of zero', { principal: 0n, interest: 0 }, '0'],
    ['a negative balance', { principal: -1000n, interest: 0 }, '-1000'],
    ['a balance that negative interest makes negative', { principal: 1000n, interest: -1000.5 }, '-0.5'],
    ['a balance that negative interest makes zero', { principal: 1000n, interest: -1000 }, '0'],
    ['a root account', { creditorId: 0n, principal: 1000n }, '1000'],
    ['a root account that owes', { creditorId: 0n, principal: -1000n }, '-1000'],
  ])('does not grow: %s', (_case, changes, balance) => {
    const account = bearing({ interestRate: 100, ...changes });
    expect(printExact(currentBalance(account, NOW + 31_557_600_000_000n))).toBe(balance);
  });

  it('does not grow at a rate of zero, in no time, or in the past', () => {
    const account = bearing({ principal: 1000n, interest: 0.5, interestRate: 100 });
    expect(printExact(currentBalance(account, NOW))).toBe('1000.5');
    expect(printExact(currentBalance(account, NOW - 31_557_600_000_000n))).toBe('1000.5');
    const still = { ...account, interestRate: 0 };
    expect(printExact(currentBalance(still, NOW + 31_557_600_000_000n))).toBe('1000.5');
  });
});

describe('the interest', () => {
  it('is what the balance has beyond the principal', () => {
    const account = bearing({ principal: 1_000_000n, interest: 10, interestRate: 100 });
    expect(currentInterest(account, NOW + 31_557_600_000_000n)).toBe(1_000_020);
  });

  it('is a finite double whatever the balance', () => {
    const account = bearing({ principal: 1n, interest: Number.MAX_VALUE, interestRate: 100 });
    expect(currentInterest(account, NOW + 31_557_600_000_000n)).toBe(Number.MAX_VALUE);
    expect(currentInterest(account, 253_402_300_799_999_999n)).toBe(Number.MAX_VALUE);
  });

  it.each([0, 0.1, -0.1, 5e-324, 1e300, -1e300])(
    'of %d comes back as the same double in no time',
    (interest) => {
      expect(currentInterest(bearing({ interest }), NOW)).toBe(interest);
    },
  );

  it('accrued in two steps is what accrues in one', () => {
    const account = bearing({ principal: 10n ** 18n, interestRate: 5 });
    const half = { ...account, lastChangeTs: NOW + 15_778_800_000_000n };
    const step = { ...half, interest: currentInterest(account, NOW + 15_778_800_000_000n) };
    expect(relativeError(currentInterest(step, NOW + 31_557_600_000_000n), '50000000000000000')).toBeLessThan(
      1e-13,
    );
  });
});

describe('interest on balances beyond 2^53', () => {
  const Precise = Decimal.clone({ precision: 60 });

  it('is the exact difference of two doubles', () => {
    expect(addInterest(72_740_019_829_006_704, -72_740_019_829_006_704n)).toBe(0);
    expect(addInterest(72_740_019_829_006_704, -72_740_019_829_006_700n)).toBe(4);
    expect(addInterest(9_007_199_254_740_994, -0.75)).toBe(9_007_199_254_740_994);
  });

  it('grows as a computation with 60 digits says, but for the last bits of the growth and of the result', () => {
    const aSize = fc.constantFrom(1e-3, 1, 1e6, 2 ** 53, 1e18, 9e18);
    const aPart = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(aSize, aPart).map(([size, part]) => BigInt(Math.floor(size * part))),
        fc.tuple(aSize, aPart).map(([size, part]) => size * part),
        fc.integer({ min: -50_000_000, max: 100_000_000 }).map((millionths) => millionths / 1e6),
        fc.bigInt({ min: 0n, max: 10n * 31_557_600_000_000n }),
        (principal, interest, interestRate, elapsed) => {
          const account = bearing({ principal, interest, interestRate });
          const balance = decimalOf(principal).plus(decimalOf(interest));
          const years = new Precise(elapsed.toString()).div('31557600000000');
          const factor = new Precise(decimalOf(interestRate)).div(100).plus(1).pow(years);
          const growth = balance.isPositive() ? balance.times(factor.minus(1)) : decimalOf(0);
          const expected = decimalOf(interest).plus(growth);
          const bound = growth
            .abs()
            .plus(balance.abs().times(years.gt(1) ? 1 : 0))
            .times(4e-15)
            .plus(expected.abs().times(2 ** -52));
          const actual = decimalOf(currentInterest(account, NOW + elapsed));
          expect(actual.minus(expected).abs().lte(bound.plus(1e-300))).toBe(true);
        },
      ),
    );
  });
});

describe('the floored balance', () => {
  it.each([
    [10n, 0.999, 10n],
    [10n, -0.001, 9n],
    [-10n, 0.5, -10n],
    [-10n, -0.5, -11n],
    [0n, -5e-324, -1n],
    [2n ** 63n - 1n, 0.5, 2n ** 63n - 1n],
    [2n ** 63n - 1n, 1.5, 2n ** 63n],
    [-(2n ** 63n), -0.5, -(2n ** 63n) - 1n],
    [0n, 2 ** 53, 2n ** 53n],
  ])('of %i and %d is %i', (principal, interest, floored) => {
    expect(flooredBalance(bearing({ principal, interest }), NOW)).toBe(floored);
  });
});

describe('a locked amount after demurrage', () => {
  it('covers itself in no time, and when time goes back', () => {
    expect(
      coversAfterDemurrage({ lockedAmount: 2n ** 63n - 1n, rate: -50, seconds: 0 }, 2n ** 63n - 1n),
    ).toBe(true);
    expect(
      coversAfterDemurrage({ lockedAmount: 2n ** 63n - 1n, rate: -50, seconds: -1 }, 2n ** 63n - 1n),
    ).toBe(true);
  });

  it('is not rounded up: half of 2^63 - 1 is below 2^62', () => {
    expect(
      coversAfterDemurrage({ lockedAmount: 2n ** 63n - 1n, rate: -50, seconds: 31_557_600 }, 2n ** 62n - 1n),
    ).toBe(true);
    expect(
      coversAfterDemurrage({ lockedAmount: 2n ** 63n - 1n, rate: -50, seconds: 31_557_600 }, 2n ** 62n),
    ).toBe(false);
  });
});
