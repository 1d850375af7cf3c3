/** The chore that moves accumulated interest into the principal, as a payment from or to the root account. */

import { describe, expect, it } from 'vitest';
import { capitalizeInterest } from '../../lib/rules/capitalize-interest.ts';
import { anAccount, aRootAccount, DEFAULT_SETTINGS, NOW } from '../support/builders.ts';
import { relativeError } from '../support/exactness.ts';

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
