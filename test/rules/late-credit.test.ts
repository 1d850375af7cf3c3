/**
 * What a credit is owed that arrives later than its commit: `amount × (exp(k1·t1 + k2·t2) − 1)`. The expected values
 * are computed with 60 digits by mpmath.
 */

import { describe, expect, it } from 'vitest';
import { credit } from '../../lib/rules/credit.ts';
import { addInterest, compensationForDelay } from '../../lib/rules/interest.ts';
import {
  aCommittedTransfer,
  anAccount,
  aPayment,
  aRootAccount,
  NO_TERMS,
  NOW,
  RECIPIENT_ID,
} from '../support/builders.ts';
import { relativeError } from '../support/exactness.ts';

const DAY = 86_400_000_000n;
const YEAR = 31_557_600_000_000n;

describe('the compensation of a late credit', () => {
  // The delay before the latest change of the rate, at the rate before, and after it, at the rate since.
  it.each([
    ['at one rate', 1_000_000n, 0, 0n, 5, DAY, '133.58911160635399972943655220110803'],
    ['at a negative rate', 1_000_000n, 0, 0n, -50, DAY, '-1895.9339961140512141256422706597281'],
    ['across a rate change', 1_000_000n, 3, 2n * DAY, 5, DAY, '295.47901466972078015917821776959849'],
    ['across a change from 100 to −50, which undoes it', 1_000_000n, 100, YEAR, -50, YEAR, '0'],
    ['near 2^63', 2n ** 63n - 1n, 3, 10n * DAY, 7, 20n * DAY, '41728982083463518.530589981452295471'],
    ['before a change of this instant', 1n, 100, 10n * YEAR, 100, 0n, '1023'],
    ['before a change to zero', 1_000_000n, 3, 2n * DAY, 0, 0n, '161.8682792237480306816982559008345'],
    ['after a change to zero, at nothing', 1_000_000n, 3, DAY, 0, DAY, '80.93086470944270628141961995667965'],
    ['in a minute', 10n ** 15n, 0, 0n, 7.25, 60_000_000n, '133075474.32726618178052139714581072'],
    ['in a microsecond', 10n ** 15n, -12.5, 0n, 7.25, 1n, '2.2179244245454363531803622559547579'],
  ])('%s', (_case, amount, previousInterestRate, before, interestRate, after, owed) => {
    const account = anAccount({
      previousInterestRate,
      interestRate,
      lastInterestRateChangeTs: NOW - after,
    });
    const compensation = compensationForDelay(account, { amount, committedAt: NOW - after - before }, NOW);
    expect(relativeError(compensation, owed)).toBeLessThan(1e-13);
  });

  it('is at the present rate alone when the rate changed before the commit', () => {
    const account = anAccount({
      previousInterestRate: 100,
      interestRate: 5,
      lastInterestRateChangeTs: NOW - 5n * DAY,
    });
    const compensation = compensationForDelay(account, { amount: 1_000_000n, committedAt: NOW - DAY }, NOW);
    expect(relativeError(compensation, '133.58911160635399972943655220110803')).toBeLessThan(1e-13);
  });

  it('is at the rate before alone when the change is yet to come, as a clock that went back tells it', () => {
    const account = anAccount({
      previousInterestRate: 5,
      interestRate: 100,
      lastInterestRateChangeTs: NOW + 5n * DAY,
    });
    const compensation = compensationForDelay(account, { amount: 1_000_000n, committedAt: NOW - DAY }, NOW);
    expect(relativeError(compensation, '133.58911160635399972943655220110803')).toBeLessThan(1e-13);
  });

  it('is nothing for a credit at its commit or before it', () => {
    const account = anAccount({ interestRate: 100 });
    expect(compensationForDelay(account, { amount: 1_000_000n, committedAt: NOW }, NOW)).toBe(0);
    expect(compensationForDelay(account, { amount: 1_000_000n, committedAt: NOW + YEAR }, NOW)).toBe(0);
  });

  it('is nothing for a root account', () => {
    expect(
      compensationForDelay(
        aRootAccount({ interestRate: 100 }),
        { amount: 1_000_000n, committedAt: NOW - YEAR },
        NOW,
      ),
    ).toBe(0);
  });

  it('is finite after any time at any rate', () => {
    const account = anAccount({ interestRate: 100, lastInterestRateChangeTs: -62_135_596_800_000_000n });
    const endless = compensationForDelay(
      account,
      { amount: 1n, committedAt: -62_135_596_800_000_000n },
      253_402_300_799_999_999n,
    );
    expect(endless).toBe(Number.MAX_VALUE);
  });
});

describe('the sum of two interests', () => {
  it('is held within the finite doubles', () => {
    expect(addInterest(Number.MAX_VALUE, Number.MAX_VALUE)).toBe(Number.MAX_VALUE);
    expect(addInterest(-Number.MAX_VALUE, -Number.MAX_VALUE)).toBe(-Number.MAX_VALUE);
    expect(addInterest(1.5, -2)).toBe(-0.5);
  });
});

describe('a credit that comes late', () => {
  it('adds the compensation to the interest, and nothing to the principal', () => {
    const recipient = anAccount({
      creditorId: RECIPIENT_ID,
      principal: -1_000_000n,
      interest: 0.25,
      interestRate: 5,
      previousInterestRate: 3,
      lastInterestRateChangeTs: NOW - DAY,
    });
    const transfer = aCommittedTransfer({
      payment: aPayment({ amount: 1_000_000n, committedAt: NOW - 3n * DAY }),
    });
    const { account } = credit({ key: recipient, account: recipient, terms: NO_TERMS }, [transfer], NOW);
    expect(account.principal).toBe(0n);
    expect(relativeError(account.interest, '295.72901466972078015917821776959849')).toBeLessThan(1e-13);
  });

  it('is compensated each by its own delay when several come together', () => {
    const recipient = anAccount({ creditorId: RECIPIENT_ID, interestRate: 5 });
    const transfers = [DAY, 0n].map((delay, index) =>
      aCommittedTransfer({
        transferId: BigInt(index + 1),
        payment: aPayment({ amount: 1_000_000n, committedAt: NOW - delay }),
      }),
    );
    const { account } = credit({ key: recipient, account: recipient, terms: NO_TERMS }, transfers, NOW);
    expect(account.principal).toBe(2_000_000n);
    expect(relativeError(account.interest, '133.58911160635399972943655220110803')).toBeLessThan(1e-13);
  });

  it('is not compensated for the time before its account existed', () => {
    const key = { debtorId: 1n, creditorId: RECIPIENT_ID };
    const transfer = aCommittedTransfer({
      payment: aPayment({ amount: 1_000_000n, committedAt: NOW - YEAR }),
    });
    const terms = { ...NO_TERMS, rate: 100 };
    expect(credit({ key, account: undefined, terms }, [transfer], NOW).account.interest).toBe(0);
  });

  it('is compensated up to the last change when the clock has gone back', () => {
    const recipient = anAccount({ creditorId: RECIPIENT_ID, interestRate: 5, lastChangeTs: NOW });
    const transfer = aCommittedTransfer({
      payment: aPayment({ amount: 1_000_000n, committedAt: NOW - DAY }),
    });
    const { account, records } = credit(
      { key: recipient, account: recipient, terms: NO_TERMS },
      [transfer],
      NOW - DAY,
    );
    expect(relativeError(account.interest, '133.58911160635399972943655220110803')).toBeLessThan(1e-13);
    expect(account.lastChangeTs).toBe(NOW);
    expect(records[0]?.credit?.creditedAt).toBe(NOW);
  });
});
