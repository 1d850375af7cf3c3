/** The steps that every change of an account is made of. What a new or revived account looks like as a whole is
 * tested where messages and credits make one. */

import { describe, expect, it } from 'vitest';
import {
  type Account,
  addToPrincipal,
  announceAccount,
  announceAccountLater,
  changeAccount,
  createAccount,
  isRootAccount,
  isScheduledForDeletion,
  livingAccount,
  printAccountKey,
  reviveAccount,
} from '../../lib/rules/account.ts';
import {
  announcePendingSince,
  announcePendingUpdate,
  announceUnlessRecent,
} from '../../lib/rules/announce-account.ts';
import {
  aDeletedAccount,
  anAccount,
  aRootAccount,
  at,
  DEFAULT_SETTINGS,
  NO_TERMS,
  NOW,
} from '../support/builders.ts';

const LATER = 1_800_000_060_000_000n;

describe('an account key', () => {
  it('is printed with both IDs signed', () => {
    const key = { debtorId: -9_223_372_036_854_775_808n, creditorId: -1n };
    expect(printAccountKey(key)).toBe('-9223372036854775808:-1');
  });
});

describe('an account', () => {
  it('is a root account when its creditor ID is 0, and only then', () => {
    expect(isRootAccount({ debtorId: 5n, creditorId: 0n })).toBe(true);
    expect(isRootAccount({ debtorId: 0n, creditorId: 1n })).toBe(false);
  });

  it('is scheduled for deletion when bit 0 of its flags is set, whatever the other bits', () => {
    expect(isScheduledForDeletion(anAccount({ configFlags: 1 }))).toBe(true);
    expect(isScheduledForDeletion(anAccount({ configFlags: -1 }))).toBe(true);
    expect(isScheduledForDeletion(anAccount({ configFlags: 0 }))).toBe(false);
    expect(isScheduledForDeletion(anAccount({ configFlags: -2 }))).toBe(false);
    expect(isScheduledForDeletion(anAccount({ configFlags: -2_147_483_648 }))).toBe(false);
  });

  it('is alive unless there is none or it was deleted', () => {
    const account = anAccount();
    expect(livingAccount(account)).toBe(account);
    expect(livingAccount(aDeletedAccount())).toBeUndefined();
    expect(livingAccount(undefined)).toBeUndefined();
  });

  it('that is created anew has a later version than any write can have given the one before', () => {
    const key = { debtorId: 1n, creditorId: 2n };
    expect(createAccount(key, NO_TERMS, at(NOW)).version).toBe(1_800_000_000_000_000n);
  });

  it('is created on the date of the instant in UTC', () => {
    const dateAt = (now: bigint) =>
      createAccount({ debtorId: 1n, creditorId: 2n }, NO_TERMS, at(now)).creationDate;
    expect(dateAt(1_799_971_199_999_999n)).toBe('2027-01-14');
    expect(dateAt(1_799_971_200_000_000n)).toBe('2027-01-15');
  });

  it('starts without interest and debtor info where the terms of its currency are unknown', () => {
    const account = createAccount({ debtorId: 1n, creditorId: 2n }, undefined, at(NOW));
    expect(account).toMatchObject({
      interestRate: 0,
      lastInterestRateChangeTs: 0n,
      debtorInfo: { iri: '', contentType: '', sha256: '' },
    });
  });

  it('that is brought back keeps its debtor info where the terms of its currency are unknown', () => {
    const debtorInfo = { iri: 'https://example.com/', contentType: '', sha256: '' };
    expect(reviveAccount(aDeletedAccount({ debtorInfo }), undefined, NOW)).toMatchObject({ debtorInfo });
  });

  it('starts with the commit period of the settings, in whole seconds', () => {
    const settings = { ...DEFAULT_SETTINGS, commitPeriodSeconds: 2.6 };
    const account = createAccount({ debtorId: 1n, creditorId: 2n }, NO_TERMS, { now: NOW, settings });
    expect(account.commitPeriod).toBe(3);
  });

  it('that is a root account takes the debtor info of its currency and not the rate', () => {
    const terms = { rate: 5, debtorInfo: { iri: 'https://example.com/', contentType: '', sha256: '' } };
    const root = createAccount({ debtorId: 1n, creditorId: 0n }, terms, at(NOW));
    expect(root).toMatchObject({
      interestRate: 0,
      lastInterestRateChangeTs: 0n,
      debtorInfo: terms.debtorInfo,
    });
  });
});

describe('a change of announced fields', () => {
  it('brings interest up to now and has the next sequence number', () => {
    const account = anAccount({
      principal: 500n,
      interestRate: 100,
      lastChangeTs: 1_768_442_400_000_000n,
      lastChangeSeqnum: -1,
    });
    expect(changeAccount(account, NOW)).toStrictEqual({
      ...account,
      interest: 500,
      lastChangeTs: NOW,
      lastChangeSeqnum: 0,
    });
  });

  it('is never told earlier than the one before, even when the clock goes back', () => {
    const account = anAccount({ principal: 500n, interest: 0.25, interestRate: 100, lastChangeTs: LATER });
    expect(changeAccount(account, NOW)).toStrictEqual({ ...account, lastChangeSeqnum: 1 });
  });

  it('wraps its sequence number', () => {
    const account = anAccount({ lastChangeSeqnum: 2_147_483_647 });
    expect(changeAccount(account, NOW).lastChangeSeqnum).toBe(-2_147_483_648);
  });
});

describe('an announcement', () => {
  it('is stamped with the present', () => {
    expect(announceAccount(anAccount(), NOW).announcedAt).toBe(1_800_000_000_000_000n);
  });

  it('differs from the one before when the clock stands still or goes back', () => {
    expect(announceAccount(anAccount({ announcedAt: NOW }), NOW).announcedAt).toBe(1_800_000_000_000_001n);
    expect(announceAccount(anAccount({ announcedAt: LATER }), NOW).announcedAt).toBe(1_800_000_060_000_001n);
  });

  it('is not earlier than the change it tells', () => {
    expect(announceAccount(anAccount({ lastChangeTs: LATER }), NOW).announcedAt).toBe(LATER);
  });

  it('cancels a deferred one', () => {
    const account = anAccount({ pendingUpdateSince: 1_799_999_999_000_000n });
    expect(announceAccount(account, NOW).pendingUpdateSince).toBeUndefined();
  });

  it('that is deferred is due since the first of the changes', () => {
    const account = announceAccountLater(anAccount(), NOW);
    expect(account).toStrictEqual(anAccount({ pendingUpdateSince: NOW }));
    expect(announceAccountLater(account, LATER)).toBe(account);
  });
});

describe('the chore of an instant', () => {
  const pending = anAccount({ principal: 5n, pendingUpdateSince: NOW });

  it('announces what is pending since then, or longer', () => {
    const announced = { ...pending, pendingUpdateSince: undefined, announcedAt: LATER };
    expect(announcePendingSince(pending, NOW, LATER)).toStrictEqual(announced);
    expect(announcePendingSince(pending, LATER, LATER)).toStrictEqual(announced);
  });

  it('leaves alone what became pending later, and an account without pending changes', () => {
    expect(announcePendingSince(pending, NOW - 1n, LATER)).toBe(pending);
    const account = anAccount();
    expect(announcePendingSince(account, LATER, LATER)).toBe(account);
  });
});

describe('an update of deferred changes', () => {
  it('stamps the announcement and changes nothing else', () => {
    const account = anAccount({
      principal: 5n,
      pendingUpdateSince: NOW,
      lastChangeTs: NOW,
      lastChangeSeqnum: 7,
    });
    expect(announcePendingUpdate(account, LATER)).toStrictEqual({
      ...account,
      pendingUpdateSince: undefined,
      announcedAt: LATER,
    });
  });

  it('does nothing where nothing is due, so that it may come twice', () => {
    const account = anAccount();
    expect(announcePendingUpdate(account, LATER)).toBe(account);
  });
});

describe('the end of a change', () => {
  // The delay is two minutes.
  const TWO_MINUTES_AGO = NOW - 120_000_000n;
  const before = anAccount({ announcedAt: TWO_MINUTES_AGO });
  const changed = (account: Account): Account => ({ ...account, principal: 5n, pendingUpdateSince: NOW });

  it('announces what it has made pending when nothing was announced for the delay', () => {
    expect(announceUnlessRecent(before, changed(before), at(NOW))).toStrictEqual({
      ...changed(before),
      pendingUpdateSince: undefined,
      announcedAt: NOW,
    });
  });

  it('leaves it to a chore when an announcement is a microsecond younger, or of a clock that went back', () => {
    for (const announcedAt of [TWO_MINUTES_AGO + 1n, NOW, NOW + 500_000_000n]) {
      const recent = anAccount({ announcedAt });
      const after = changed(recent);
      expect(announceUnlessRecent(recent, after, at(NOW))).toBe(after);
    }
  });

  it('announces what an earlier change has left to a chore, too', () => {
    const pending = { ...before, pendingUpdateSince: TWO_MINUTES_AGO };
    const after = { ...pending, totalLockedAmount: 5n };
    expect(announceUnlessRecent(pending, after, at(NOW))).toStrictEqual({
      ...after,
      pendingUpdateSince: undefined,
      announcedAt: NOW,
    });
  });

  it('announces it with what the change announces anyway, whatever was before', () => {
    const after = changed({ ...before, announcedAt: NOW });
    for (const former of [undefined, before, { ...before, pendingUpdateSince: TWO_MINUTES_AGO }]) {
      expect(announceUnlessRecent(former, after, at(NOW))).toStrictEqual({
        ...after,
        pendingUpdateSince: undefined,
        announcedAt: NOW + 1n,
      });
    }
  });

  it('is nothing where nothing is pending, and no reason for a write where nothing has changed', () => {
    const after = { ...before, totalLockedAmount: 5n };
    expect(announceUnlessRecent(before, after, at(NOW))).toBe(after);
    const pending = { ...before, pendingUpdateSince: TWO_MINUTES_AGO };
    expect(announceUnlessRecent(pending, pending, at(NOW))).toBe(pending);
  });
});

describe('the principal', () => {
  const MAX = 9_223_372_036_854_775_807n;
  const MIN = -9_223_372_036_854_775_808n;

  it.each([
    ['within int64', 5n, -7n, -2n, 0n],
    ['up to the highest int64', MAX - 5n, 5n, MAX, 0n],
    ['held at the highest int64', MAX - 5n, 8n, MAX, 3n],
    ['down to the lowest int64', MIN + 5n, -5n, MIN, 0n],
    ['held at the lowest int64', MIN + 5n, -8n, MIN, -3n],
    ['held at the highest int64, by as much as it can be', MAX, MAX, MAX, MAX],
  ])('is %s, and what was cut off marks the account', (_case, before, amount, principal, clippedAmount) => {
    expect(addToPrincipal(anAccount({ principal: before }), amount)).toStrictEqual(
      anAccount({ principal, clippedAmount }),
    );
  });

  it('that is cut off several times marks the account with the sum', () => {
    const once = addToPrincipal(aRootAccount({ principal: MIN }), -3n);
    expect(addToPrincipal(once, -4n)).toStrictEqual(aRootAccount({ principal: MIN, clippedAmount: -7n }));
  });
});
