/** Deletion and purge: when an account may go, what becomes of its rest, and when nothing can reach it any more. */

import { describe, expect, it } from 'vitest';
import { attemptDeletion, isPurgeDue } from '../../lib/rules/delete-account.ts';
import { aDeletedAccount, anAccount, aRootAccount, DEFAULT_SETTINGS, NOW } from '../support/builders.ts';

/** Scheduled for deletion, and configured and tried long enough ago. */
function aScheduledAccount(changes: Parameters<typeof anAccount>[0] = {}) {
  return anAccount({ configFlags: 1, ...changes });
}

function attempt(account: Parameters<typeof attemptDeletion>[0]) {
  return attemptDeletion(account, NOW, DEFAULT_SETTINGS);
}

describe('the deletion of an account', () => {
  it('pays what principal is left to the root account, and marks the account', () => {
    const account = aScheduledAccount({
      principal: 7n,
      interest: 0.5,
      interestRate: 5,
      negligibleAmount: 10,
      lastTransferNumber: 3n,
      pendingUpdateSince: 1_799_999_999_000_000n,
    });
    expect(attempt({ ...account, lastChangeTs: NOW })).toStrictEqual({
      account: {
        ...account,
        principal: 0n,
        interest: 0,
        deletedAt: NOW,
        lastChangeTs: NOW,
        lastChangeSeqnum: 1,
        lastTransferNumber: 4n,
        lastTransferCommittedAt: NOW,
        lastDeletionAttemptTs: NOW,
        pendingUpdateSince: undefined,
        announcedAt: NOW,
      },
      payment: {
        kind: 'transfer',
        sender: { debtorId: 1n, creditorId: 1_099_511_627_777n },
        // 63 bits of the SHA-256 of the account's version, computed with Python's hashlib.
        transferId: 108_072_952_453_214_738n,
        status: 'committed',
        request: { coordinatorType: 'delete', coordinatorId: 0n, coordinatorRequestId: 0n },
        requestTs: NOW,
        recipientId: 0n,
        payment: {
          amount: 7n,
          committedAt: NOW,
          note: '',
          noteFormat: '',
          senderEntry: { creationDate: '2026-09-21', transferNumber: 4n, principal: 0n },
        },
        expiresAt: undefined,
      },
    });
  });

  it('of an account without principal is no payment', () => {
    const account = aScheduledAccount({ interest: 1.5 });
    expect(attempt(account)).toStrictEqual({
      account: {
        ...account,
        interest: 0,
        deletedAt: NOW,
        lastChangeTs: NOW,
        lastChangeSeqnum: 1,
        lastDeletionAttemptTs: NOW,
        announcedAt: NOW,
      },
      payment: undefined,
    });
  });

  it('of an overdrawn account is paid for by the root account', () => {
    const result = attempt(aScheduledAccount({ principal: -30n }));
    expect(result?.account).toMatchObject({ principal: 0n, deletedAt: NOW, lastTransferNumber: 1n });
    expect(result?.payment?.payment).toMatchObject({
      amount: -30n,
      senderEntry: { creationDate: '2026-09-21', transferNumber: 1n, principal: 0n },
    });
  });

  it('of a root account is no payment', () => {
    const result = attempt(aRootAccount({ configFlags: 1 }));
    expect(result?.account.deletedAt).toBe(NOW);
    expect(result?.payment).toBeUndefined();
  });
});

describe('a negligible balance', () => {
  const isDeletedWith = (changes: Parameters<typeof anAccount>[0]) =>
    attempt(aScheduledAccount(changes))?.account.deletedAt !== undefined;

  it.each([
    ['of at most the negligible amount', { principal: 10n, negligibleAmount: 10 }, true],
    ['not of more than that', { principal: 10n, interest: 0.001, negligibleAmount: 10 }, false],
    [
      'by the exact value of doubles beyond 2^53',
      { principal: 72_740_019_829_006_702n, negligibleAmount: 72_740_019_829_006_704 },
      true,
    ],
    [
      'not of one unit more than that',
      { principal: 72_740_019_829_006_705n, negligibleAmount: 72_740_019_829_006_704 },
      false,
    ],
    ['of at most 2 in any case', { principal: 2n, negligibleAmount: 0 }, true],
    ['not of more than 2', { principal: 2n, interest: 0.001, negligibleAmount: 0.5 }, false],
    ['with interest that makes it little', { principal: 1000n, interest: -999.5 }, true],
    ['below zero', { principal: -1000n }, true],
    ['that has grown since', { principal: 2n, interestRate: 5, lastInterestRateChangeTs: 1n }, false],
    ['of a root account only at 0', { creditorId: 0n, principal: 0n, negligibleAmount: 1000 }, true],
    ['not of a root account above 0', { creditorId: 0n, principal: 1n, negligibleAmount: 1000 }, false],
    ['not of a root account below 0', { creditorId: 0n, principal: -1n, negligibleAmount: 1000 }, false],
  ])('is one %s', (_case, changes, isNegligible) => {
    expect(isDeletedWith(changes)).toBe(isNegligible);
  });
});

describe('an attempt of deletion', () => {
  it('that fails remembers its time and is not announced', () => {
    const account = aScheduledAccount({ principal: 1000n });
    expect(attempt(account)).toStrictEqual({
      account: { ...account, lastDeletionAttemptTs: NOW },
      payment: undefined,
    });
  });

  it.each([
    ['an account that is not scheduled for deletion', { configFlags: -2 }],
    ['an account with a prepared transfer of its own', { pendingTransfersCount: 1 }],
    ['an account with a prepared transfer of nothing', { pendingTransfersCount: 1, totalLockedAmount: 0n }],
    ['less than 14 days after the last attempt', { lastDeletionAttemptTs: 1_798_790_400_000_001n }],
    [
      'just the maximum message delay after the latest configuration',
      { lastConfigTs: 1_799_395_200_000_000n },
    ],
    ['before the latest configuration', { lastConfigTs: 1_900_000_000_000_000n }],
  ])('is not made on %s', (_case, changes) => {
    expect(attempt(aScheduledAccount(changes))).toBeUndefined();
  });

  it.each([
    ['just 14 days after the last attempt', { lastDeletionAttemptTs: 1_798_790_400_000_000n }],
    ['a microsecond longer after the latest configuration', { lastConfigTs: 1_799_395_199_999_999n }],
  ])('is made %s', (_case, changes) => {
    expect(attempt(aScheduledAccount(changes))?.account.deletedAt).toBe(NOW);
  });
});

describe('the purge of a deleted account', () => {
  // 2 + 90 + 14 days before now.
  const DELETED_AT = 1_790_841_600_000_000n;
  const isDue = (changes: Parameters<typeof anAccount>[0], settings = DEFAULT_SETTINGS) =>
    isPurgeDue(aDeletedAccount(changes), NOW, settings);

  it('is due 106 days after its deletion, and not a microsecond earlier', () => {
    expect(isDue({ deletedAt: DELETED_AT })).toBe(true);
    expect(isDue({ deletedAt: DELETED_AT + 1n })).toBe(false);
  });

  it('is due at least 3 days after the date of its creation, whatever the settings', () => {
    const settings = { ...DEFAULT_SETTINGS, commitPeriodSeconds: 0, intranetExtremeDelaySeconds: 0 };
    // Now is 2027-01-15T08:00:00Z.
    const deletedAt = 1_799_827_200_000_000n;
    expect(isDue({ deletedAt, creationDate: '2027-01-12' }, settings)).toBe(true);
    expect(isDue({ deletedAt, creationDate: '2027-01-13' }, settings)).toBe(false);
    const account = aDeletedAccount({ deletedAt: 0n, creationDate: '2027-01-12' });
    // 2027-01-15T00:00:00Z.
    expect(isPurgeDue(account, 1_799_971_200_000_000n, settings)).toBe(true);
    expect(isPurgeDue(account, 1_799_971_199_999_999n, settings)).toBe(false);
  });

  it('follows the settings of both delays', () => {
    const settings = { ...DEFAULT_SETTINGS, commitPeriodSeconds: 10, intranetExtremeDelaySeconds: 1 };
    // 2 days and 11 seconds before now.
    expect(isDue({ deletedAt: 1_799_827_189_000_000n }, settings)).toBe(true);
    expect(isDue({ deletedAt: 1_799_827_189_000_001n }, settings)).toBe(false);
  });

  it('is never due when a part of the principal was cut off, which only the account tells of', () => {
    expect(isDue({ deletedAt: DELETED_AT, clippedAmount: 1n })).toBe(false);
    expect(isDue({ deletedAt: DELETED_AT, clippedAmount: -1n })).toBe(false);
  });

  it('is never due for an account that is alive', () => {
    expect(isPurgeDue(anAccount({ creationDate: '0001-01-01' }), NOW, DEFAULT_SETTINGS)).toBe(false);
  });
});
