/** PrepareTransfer: how much is locked (check 7), and until when it may be committed. */

import { describe, expect, it } from 'vitest';
import type { PrepareTransfer } from '../../lib/protocol/messages.ts';
import type { Account } from '../../lib/rules/account.ts';
import { prepareTransfer } from '../../lib/rules/prepare-transfer.ts';
import {
  anAccount,
  anIssuingTransfer,
  aPrepareTransfer,
  aRootAccount,
  aSnapshot,
  DEFAULT_SETTINGS,
  NOW,
} from '../support/builders.ts';

/** The amount locked, or the status code of the rejection. */
function lockedBy(account: Account, message: PrepareTransfer, now = NOW): bigint | string | undefined {
  const { record } = prepareTransfer(aSnapshot({ account }), message, { now, settings: DEFAULT_SETTINGS });
  return record?.kind === 'transfer'
    ? (record.rejection?.statusCode ?? record.preparation?.lockedAmount)
    : undefined;
}

describe('the locked amount', () => {
  it.each([
    ['as much as is available between the limits', 1000n, 0n, 10n, 2000n, 1000n],
    ['no more than the upper limit', 1000n, 0n, 10n, 300n, 300n],
    ['exactly the limit when both are the same', 1000n, 0n, 300n, 300n, 300n],
    ['all that is available when it is just the lower limit', 1000n, 0n, 1000n, 2000n, 1000n],
    ['only what is not locked already', 1000n, 400n, 0n, 2000n, 600n],
    ['nothing when all is locked and the lower limit is zero', 1000n, 1000n, 0n, 2000n, 0n],
    ['nothing on an empty account when the lower limit is zero', 0n, 0n, 0n, 2000n, 0n],
    ['nothing on an overdrawn account when the lower limit is zero', -5n, 0n, 0n, 2000n, 0n],
    ['nothing when both limits are zero', 1000n, 0n, 0n, 0n, 0n],
  ])('is %s', (_case, principal, totalLockedAmount, minLockedAmount, maxLockedAmount, locked) => {
    const account = anAccount({ principal, totalLockedAmount });
    expect(lockedBy(account, aPrepareTransfer({ minLockedAmount, maxLockedAmount }))).toBe(locked);
  });

  it.each([
    ['one less than the lower limit is available', 1000n, 0n, 1001n],
    ['too much is locked already', 1000n, 901n, 100n],
    ['the account is overdrawn', -1n, 0n, 1n],
    ['the account is empty', 0n, 0n, 1n],
  ])('is refused when %s', (_case, principal, totalLockedAmount, minLockedAmount) => {
    const account = anAccount({ principal, totalLockedAmount });
    expect(lockedBy(account, aPrepareTransfer({ minLockedAmount }))).toBe('INSUFFICIENT_AVAILABLE_AMOUNT');
  });

  it('of zero counts as a pending transfer like any other', () => {
    const snapshot = aSnapshot({ account: anAccount() });
    const { account, record } = prepareTransfer(snapshot, aPrepareTransfer(), {
      now: NOW,
      settings: DEFAULT_SETTINGS,
    });
    expect(account).toStrictEqual(anAccount({ pendingTransfersCount: 1 }));
    expect(record).toHaveProperty('status', 'prepared');
  });

  it.each([
    ['whole units of stored interest', 10n, 5.999, 15n],
    ['not the fraction that interest lacks', 10n, -0.001, 9n],
    ['less than the principal when interest is negative', 10n, -3.5, 6n],
  ])('covers %s', (_case, principal, interest, locked) => {
    expect(lockedBy(anAccount({ principal, interest }), aPrepareTransfer())).toBe(locked);
  });

  it('covers the interest accrued until now', () => {
    // 1000000 × 1.05^(1/365.25) = 1000133.589…
    const account = anAccount({
      principal: 1_000_000n,
      interestRate: 5,
      lastChangeTs: 1_799_913_600_000_000n,
    });
    expect(lockedBy(account, aPrepareTransfer())).toBe(1_000_133n);
  });

  it('is the balance of the last change when the clock has gone back', () => {
    const account = anAccount({
      principal: 1_000_000n,
      interestRate: 5,
      lastChangeTs: 1_800_086_400_000_000n,
    });
    expect(lockedBy(account, aPrepareTransfer())).toBe(1_000_000n);
  });
});

describe('the amount a root account may lock', () => {
  const limited = (limit: bigint) => `{"type":"RootConfigData","limit":${limit}}`;

  it.each([
    ['nothing when its negligible amount is 0', 0n, 0, '', 0n],
    ['the negligible amount, floored', 0n, 1000.999, '', 1000n],
    ['nothing when the negligible amount is below 1', 0n, 0.999, '', 0n],
    ['the issuing limit when it is lower', 0n, 1000, limited(300n), 300n],
    ['the negligible amount when it is lower', 0n, 300, limited(1000n), 300n],
    ['nothing when the issuing limit is 0', 0n, 1000, limited(0n), 0n],
    ['what was not issued yet', -200n, 1000, limited(300n), 100n],
    ['nothing when all is issued', -300n, 1000, limited(300n), 0n],
    ['nothing when more is issued than the limit that was lowered since', -301n, 1000, limited(300n), 0n],
    ['what it was paid back, too', 50n, 1000, limited(300n), 350n],
    [
      'up to 2^63 - 1 when the negligible amount is the greatest double',
      0n,
      Number.MAX_VALUE,
      '',
      9_223_372_036_854_775_807n,
    ],
    ['up to 2^63 - 1 when the negligible amount is 1e300', 0n, 1e300, '', 9_223_372_036_854_775_807n],
    ['up to the limit when the negligible amount is 1e300', -1n, 1e300, limited(300n), 299n],
    ['whole units of the least double above 0', 0n, 5e-324, '', 0n],
    ['2^53 exactly', 0n, 9_007_199_254_740_992, '', 9_007_199_254_740_992n],
    [
      'the default limit when the configuration names none',
      0n,
      1e300,
      '{"type":"RootConfigData"}',
      2n ** 63n - 1n,
    ],
  ])('is %s', (_case, principal, negligibleAmount, configData, locked) => {
    const account = aRootAccount({ principal, negligibleAmount, configData });
    expect(lockedBy(account, anIssuingTransfer())).toBe(locked);
  });

  it('is bounded for every coordinator type', () => {
    const account = aRootAccount({ negligibleAmount: 300 });
    const message = aPrepareTransfer({ creditorId: 0n, coordinatorId: 0n, minLockedAmount: 301n });
    expect(lockedBy(account, message)).toBe('INSUFFICIENT_AVAILABLE_AMOUNT');
  });

  it('leaves out what it has locked already', () => {
    const account = aRootAccount({ principal: -100n, totalLockedAmount: 50n, negligibleAmount: 300 });
    expect(lockedBy(account, anIssuingTransfer())).toBe(150n);
  });
});

describe('the deadline', () => {
  function deadline(changes: Partial<PrepareTransfer>, now = NOW, commitPeriodSeconds = 7_776_000) {
    const settings = { ...DEFAULT_SETTINGS, commitPeriodSeconds };
    const { record } = prepareTransfer(aSnapshot(), aPrepareTransfer(changes), { now, settings });
    return record?.kind === 'transfer' ? record.preparation?.deadline : undefined;
  }

  it('is the commit period from now, when the request allows more', () => {
    expect(deadline({ maxCommitDelay: 2_147_483_647 })).toBe(1_807_776_000_000_000n);
    expect(deadline({ ts: 1_799_999_999_999_999n, maxCommitDelay: 7_776_001 })).toBe(1_807_776_000_000_000n);
  });

  it('is the longest commit delay from the request, when that is earlier', () => {
    expect(deadline({ ts: 1_799_999_999_999_999n, maxCommitDelay: 7_776_000 })).toBe(1_807_775_999_999_999n);
    expect(deadline({ maxCommitDelay: 0 })).toBe(1_800_000_000_000_000n);
  });

  it('may have passed already', () => {
    expect(deadline({ ts: 1_700_000_000_000_000n, maxCommitDelay: 1 })).toBe(1_700_000_001_000_000n);
  });

  it('keeps the microseconds of a commit period with a fraction', () => {
    expect(deadline({}, NOW, 0.25)).toBe(1_800_000_000_250_000n);
  });

  it('is held at the end of the year 9999', () => {
    const end = 253_402_300_799_999_999n;
    expect(deadline({ ts: 253_402_300_799_000_000n }, 253_402_300_000_000_000n)).toBe(end);
    expect(deadline({ ts: end, maxCommitDelay: 1 }, NOW)).toBe(1_807_776_000_000_000n);
  });

  it('is in the year 1 when the request is', () => {
    expect(deadline({ ts: -62_135_596_800_000_000n, maxCommitDelay: 1 })).toBe(-62_135_596_799_000_000n);
  });
});
