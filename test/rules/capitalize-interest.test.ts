/** The chore that moves accumulated interest into the principal, as a payment from or to the root account. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capitalizeInterest } from '../../lib/rules/capitalize-interest.ts';
import { anAccount, aRootAccount, DEFAULT_SETTINGS, NOW } from '../support/builders.ts';
import { decimalOf, relativeError } from '../support/exactness.ts';

/** 14 days before now. */
const TWO_WEEKS_AGO = 1_798_790_400_000_000n;

function capitalize(changes: Parameters<typeof anAccount>[0]) {
  const account = anAccount({ lastCapitalizationTs: TWO_WEEKS_AGO, ...changes });
  return capitalizeInterest(account, NOW, DEFAULT_SETTINGS);
}

describe('capitalization of interest', () => {
  it('pays whole units into the principal, and leaves the fraction', () => {
    const account = anAccount({
      principal: 1000n,
      interest: 12.75,
      lastTransferNumber: 3n,
      lastCapitalizationTs: TWO_WEEKS_AGO,
    });
    expect(capitalizeInterest(account, NOW, DEFAULT_SETTINGS)).toStrictEqual({
      account: {
        ...account,
        principal: 1012n,
        interest: 0.75,
        lastChangeTs: NOW,
        lastChangeSeqnum: 1,
        lastTransferNumber: 4n,
        lastTransferCommittedAt: NOW,
        lastCapitalizationTs: NOW,
        pendingUpdateSince: NOW,
      },
      // From the root account, which is a credit of a negative amount to it.
      payment: {
        kind: 'transfer',
        sender: { debtorId: 1n, creditorId: 1_099_511_627_777n },
        transferId: 9_054_334_153_886_813_547n,
        status: 'committed',
        request: { coordinatorType: 'interest', coordinatorId: 0n, coordinatorRequestId: 0n },
        requestTs: NOW,
        recipientId: 0n,
        payment: {
          amount: -12n,
          committedAt: NOW,
          note: '',
          noteFormat: '',
          senderEntry: { creationDate: '2026-09-21', transferNumber: 4n, principal: 1012n },
        },
        expiresAt: undefined,
      },
    });
  });

  it('takes negative interest out of the principal, rounded down, and leaves a positive fraction', () => {
    const result = capitalize({ principal: 1000n, interest: -12.25 });
    expect(result?.account).toMatchObject({ principal: 987n, interest: 0.75 });
    expect(result?.payment.payment).toStrictEqual({
      amount: 13n,
      committedAt: NOW,
      note: '',
      noteFormat: '',
      senderEntry: { creationDate: '2026-09-21', transferNumber: 1n, principal: 987n },
    });
  });

  it('includes what has accrued until now', () => {
    // 1000000 × (1.05^(14/365.25) − 1) = 1871.87242121501600…
    const result = capitalize({ principal: 1_000_000n, interestRate: 5, lastChangeTs: TWO_WEEKS_AGO });
    expect(result?.account.principal).toBe(1_001_871n);
    expect(relativeError(result?.account.interest ?? 0, '0.8724212150160136580758819750')).toBeLessThan(1e-9);
  });

  it('gives interest that is negligible no transfer number', () => {
    const result = capitalize({ principal: 1000n, interest: 12.75, negligibleAmount: 12 });
    expect(result?.account).toMatchObject({ principal: 1012n, lastTransferNumber: 0n });
    expect(result?.payment.payment?.senderEntry).toBeUndefined();
  });

  it('counts what it takes as a transfer, however little', () => {
    const result = capitalize({ principal: 1000n, interest: -12.75, negligibleAmount: 100 });
    expect(result?.account.lastTransferNumber).toBe(1n);
  });

  it('is not for root accounts', () => {
    const root = aRootAccount({ interest: 1000, lastCapitalizationTs: TWO_WEEKS_AGO });
    expect(capitalizeInterest(root, NOW, DEFAULT_SETTINGS)).toBeUndefined();
  });

  it('holds the principal at the end of int64', () => {
    const result = capitalize({ principal: 2n ** 63n - 5n, interest: 1e18 });
    expect(result?.account).toMatchObject({
      principal: 2n ** 63n - 1n,
      clippedAmount: 10n ** 18n - 4n,
      interest: 0,
    });
    expect(result?.payment.payment?.amount).toBe(-(10n ** 18n));
  });

  it('never pays more than int64 holds', () => {
    const result = capitalize({ principal: 0n, interest: 1e300 });
    expect(result?.account).toMatchObject({ principal: 2n ** 63n - 1n, interest: 1e300 });
  });
});

describe('capitalization is due', () => {
  it('14 days after the last one, and not a microsecond earlier', () => {
    expect(capitalize({ interest: 5 })?.account.principal).toBe(5n);
    expect(capitalize({ interest: 5, lastCapitalizationTs: TWO_WEEKS_AGO + 1n })).toBeUndefined();
  });

  it.each([
    ['more than a ten-thousandth of the principal and 1', 99_998n, 10.5, true],
    ['just a ten-thousandth of the principal and 1', 99_999n, 10.5, false],
    ['less', 100_000n, 10.5, false],
    ['more than a ten-thousandth below zero', -99_998n, 10.5, true],
    ['just a ten-thousandth below zero', -99_999n, 10.5, false],
    ['less than a unit', 0n, 0.999, false],
    ['a whole unit of an empty account', 0n, 1, true],
    ['less than nothing, which is floored to a unit', 0n, -0.001, true],
    ['less than nothing, and little against the principal', 1_000_000n, -0.001, false],
    ['nothing', 0n, 0, false],
  ])('when the floored interest is %s', (_case, principal, interest, isDue) => {
    expect(capitalize({ principal, interest }) !== undefined).toBe(isDue);
  });
});

describe('what capitalization leaves', () => {
  it('of an account of 10^18 units, after 37 days at 100 %, is a fraction of a unit', () => {
    const result = capitalize({
      principal: 10n ** 18n,
      interestRate: 100,
      lastChangeTs: NOW - 37n * 86_400_000_000n,
    });
    expect(result?.account.interest).toBeGreaterThanOrEqual(0);
    expect(result?.account.interest).toBeLessThan(1);
    // 10^18 × (2^(37/365.25) − 1)
    expect(
      relativeError(Number((result?.account.principal ?? 0n) - 10n ** 18n), '72740019829006698.5'),
    ).toBeLessThan(1e-14);
  });

  it('is interest − floor(interest), whatever the size', () => {
    const aSize = fc.constantFrom(1, 1e3, 2 ** 52, 2 ** 53, 1e17, 9e18);
    fc.assert(
      fc.property(aSize, fc.double({ min: -1, max: 1, noNaN: true }), (size, part) => {
        const interest = size * part;
        const result = capitalize({ principal: 5n, interest });
        const expected = decimalOf(interest).minus(decimalOf(interest).floor());
        expect(result === undefined).toBe(Math.floor(interest) === 0);
        if (result !== undefined) {
          const left = result.account.interest;
          expect(left >= 0 && left < 1).toBe(true);
          expect(decimalOf(left).minus(expected).abs().toNumber()).toBeLessThanOrEqual(2 ** -53);
        }
      }),
    );
  });

  it('is below 1 even where no double is near enough to say so', () => {
    const result = capitalize({ principal: 5n, interest: -1e-30 });
    expect(result?.account).toMatchObject({ principal: 4n, interest: 1 - 2 ** -53 });
  });

  it.each([
    [1n, 9_998n, true],
    // 0.0001 is a little more than a ten-thousandth.
    [1n, 9_999n, false],
    [100_000_000_000_001n, 999_999_999_999_999_999n, true],
    [99_999_999_999_999n, 999_999_999_999_999_999n, false],
  ])('is all of it unless it is considerable: %i of %i', (units, principal, isConsiderable) => {
    expect(capitalize({ principal, interest: Number(units) }) !== undefined).toBe(isConsiderable);
  });
});
