/** The chore that brings an account to its currency's present rate and debtor info. */

import { describe, expect, it } from 'vitest';
import { adoptTerms } from '../../lib/rules/adopt-terms.ts';
import { anAccount, aRootAccount, DEFAULT_SETTINGS, NO_TERMS, NOW } from '../support/builders.ts';

const TERMS = {
  rate: 5,
  debtorInfo: { iri: 'https://example.com/', contentType: 'text/html', sha256: 'A'.repeat(64) },
};

function adopt(account: Parameters<typeof adoptTerms>[0], terms = TERMS, now = NOW) {
  return adoptTerms(account, terms, { now, settings: DEFAULT_SETTINGS });
}

describe('a new rate and debtor info', () => {
  it('are adopted and announced at once, after interest is brought up to now at the old rate', () => {
    const account = anAccount({
      principal: 1000n,
      interestRate: 100,
      previousInterestRate: 7,
      lastInterestRateChangeTs: 1_760_000_000_000_000n,
      // 365.25 days ago: the balance has doubled since.
      lastChangeTs: 1_768_442_400_000_000n,
      lastChangeSeqnum: 4,
      pendingUpdateSince: 1_799_999_999_000_000n,
    });
    expect(adopt(account)).toStrictEqual({
      ...account,
      interest: 1000,
      interestRate: 5,
      previousInterestRate: 100,
      lastInterestRateChangeTs: NOW,
      debtorInfo: TERMS.debtorInfo,
      lastChangeTs: NOW,
      lastChangeSeqnum: 5,
      pendingUpdateSince: undefined,
      announcedAt: NOW,
    });
  });

  it('are not adopted by an account that is on them: nothing is written', () => {
    const account = anAccount({ interestRate: 5, debtorInfo: TERMS.debtorInfo });
    expect(adopt(account)).toBe(account);
  });

  it.each([
    ['iri', { iri: 'https://example.org/', contentType: 'text/html', sha256: 'A'.repeat(64) }],
    ['contentType', { iri: 'https://example.com/', contentType: '', sha256: 'A'.repeat(64) }],
    ['sha256', { iri: 'https://example.com/', contentType: 'text/html', sha256: 'B'.repeat(64) }],
  ])('are adopted when only the %s differs, without a change of the rate', (_field, debtorInfo) => {
    const account = anAccount({ interestRate: 5, lastInterestRateChangeTs: 1n, debtorInfo });
    expect(adopt(account)).toStrictEqual({
      ...account,
      debtorInfo: TERMS.debtorInfo,
      lastChangeTs: NOW,
      lastChangeSeqnum: 1,
      announcedAt: NOW,
    });
  });

  it('are none of a root account’s business: its own configuration has given it both', () => {
    const root = aRootAccount();
    expect(adopt(root)).toBe(root);
  });

  it('take the rate back to zero, as a change like any other', () => {
    const account = anAccount({ interestRate: 5, lastInterestRateChangeTs: 1n });
    expect(adopt(account, NO_TERMS)).toMatchObject({
      interestRate: 0,
      previousInterestRate: 5,
      lastInterestRateChangeTs: NOW,
    });
  });
});

describe('two changes of the rate', () => {
  const changedAt = (lastInterestRateChangeTs: bigint) =>
    anAccount({ interestRate: 3, lastInterestRateChangeTs, debtorInfo: TERMS.debtorInfo });

  it('are at least the maximum message delay and a day apart', () => {
    // 8 days before: 1799308800 s.
    expect(adopt(changedAt(1_799_308_800_000_000n))).toHaveProperty('interestRate', 5);
    const tooEarly = changedAt(1_799_308_800_000_001n);
    expect(adopt(tooEarly)).toBe(tooEarly);
  });

  it('do not hold up new debtor info', () => {
    const tooEarly = { ...changedAt(NOW), debtorInfo: NO_TERMS.debtorInfo };
    expect(adopt(tooEarly)).toMatchObject({ interestRate: 3, debtorInfo: TERMS.debtorInfo });
  });
});

describe('the rate', () => {
  it.each([
    [-50.1, -50],
    [-1000, -50],
    [100.1, 100],
    [1e300, 100],
  ])('of %d is held at %d', (rate, held) => {
    expect(adopt(anAccount(), { ...TERMS, rate })).toHaveProperty('interestRate', held);
  });

  it('changes at the instant of the change that tells it, even when the clock has gone back', () => {
    const account = anAccount({ lastChangeTs: 1_800_000_060_000_000n });
    expect(adopt(account)).toMatchObject({
      lastInterestRateChangeTs: 1_800_000_060_000_000n,
      lastChangeTs: 1_800_000_060_000_000n,
    });
  });
});
