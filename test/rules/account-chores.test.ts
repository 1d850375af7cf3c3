/** All periodic work on one account as one change, and on one transfer. Each chore has its own file; here: which are due. */

import { describe, expect, it } from 'vitest';
import { runAccountChores } from '../../lib/rules/account-chores.ts';
import { expiryOf } from '../../lib/rules/transfer.ts';
import { transferChore } from '../../lib/rules/transfer-chores.ts';
import { tombstoneIdOf } from '../../lib/rules/transfer-ids.ts';
import {
  aCommittedTransfer,
  aCreditedTransfer,
  aDeletedAccount,
  aDismissedTransfer,
  anAccount,
  aPayment,
  aPreparation,
  aRejectedTransfer,
  aTransfer,
  at,
  DEFAULT_SETTINGS,
  NO_TERMS,
  NOW,
} from '../support/builders.ts';

/** Announced recently, so that no heartbeat is due. */
function aQuietAccount(changes: Parameters<typeof anAccount>[0] = {}) {
  return anAccount({ announcedAt: NOW - 1n, lastCapitalizationTs: NOW, ...changes });
}

function chores(account: Parameters<typeof runAccountChores>[0], terms = NO_TERMS) {
  return runAccountChores(account, terms, at(NOW));
}

describe('the chores of an account', () => {
  it('with nothing due leave the very same object, so that nothing is written', () => {
    const account = aQuietAccount({ principal: 1000n, interest: 1000 });
    const decision = chores(account);
    expect(decision).toStrictEqual({ account, payments: [], done: [] });
    expect(decision.account).toBe(account);
  });

  it('are done in their order, each on what the one before has left, as one change', () => {
    const account = aQuietAccount({
      configFlags: 1,
      negligibleAmount: 20,
      interest: 12.5,
      lastCapitalizationTs: 1_790_000_000_000_000n,
      lastChangeTs: NOW,
    });
    const decision = chores(account, { ...NO_TERMS, rate: 5 });
    expect(decision.done).toStrictEqual(['adopt-terms', 'capitalize-interest', 'attempt-deletion']);
    expect(
      decision.payments.map(({ request, payment }) => [request.coordinatorType, payment?.amount]),
    ).toStrictEqual([
      ['interest', -12n],
      ['delete', 12n],
    ]);
    expect(decision.account).toStrictEqual({
      ...account,
      interestRate: 5,
      lastInterestRateChangeTs: NOW,
      interest: 0,
      deletedAt: NOW,
      lastChangeTs: NOW,
      lastChangeSeqnum: 3,
      // The interest is negligible, what goes to the root account is not.
      lastTransferNumber: 1n,
      lastTransferCommittedAt: NOW,
      lastCapitalizationTs: NOW,
      lastDeletionAttemptTs: NOW,
      announcedAt: 1_800_000_000_000_001n,
    });
    expect(new Set(decision.payments.map(({ transferId }) => transferId)).size).toBe(2);
  });

  it('on a deleted account are none until its purge, not even a heartbeat', () => {
    const account = aDeletedAccount({ announcedAt: 0n, interest: 5, lastCapitalizationTs: 0n });
    const decision = chores(account, { ...NO_TERMS, rate: 5 });
    expect(decision).toStrictEqual({ account, payments: [], done: [] });
    expect(decision.account).toBe(account);
  });

  it('on a deleted account that nothing can reach any more are its purge', () => {
    const account = aDeletedAccount({ deletedAt: 1_790_841_600_000_000n, creationDate: '2026-01-01' });
    expect(chores(account)).toStrictEqual({
      account: undefined,
      payments: [],
      tombstone: {
        kind: 'tombstone',
        sender: { debtorId: account.debtorId, creditorId: account.creditorId },
        transferId: tombstoneIdOf(account, NOW),
        creationDate: '2026-01-01',
        purgedAt: NOW,
        expiresAt: expiryOf(NOW, DEFAULT_SETTINGS),
      },
      done: ['purge'],
    });
  });
});

describe('the heartbeat', () => {
  it('repeats the AccountUpdate with a new ts only, when none was sent for 7 days', () => {
    const account = aQuietAccount({ announcedAt: 1_799_395_200_000_000n, principal: 5n });
    expect(chores(account)).toStrictEqual({
      account: { ...account, announcedAt: NOW },
      payments: [],
      done: ['heartbeat'],
    });
  });

  it('is not sent a microsecond earlier', () => {
    expect(chores(aQuietAccount({ announcedAt: 1_799_395_200_000_001n })).done).toStrictEqual([]);
  });

  it('is needless when anything else was announced', () => {
    const account = aQuietAccount({ announcedAt: 0n });
    expect(chores(account, { ...NO_TERMS, rate: 5 }).done).toStrictEqual(['adopt-terms']);
  });

  it('announces what was deferred, too', () => {
    const account = aQuietAccount({ announcedAt: 0n, pendingUpdateSince: NOW });
    expect(chores(account).account).toMatchObject({ announcedAt: NOW, pendingUpdateSince: undefined });
  });
});

describe('an update that nobody has announced', () => {
  it('is announced after an hour, and not before', () => {
    const late = aQuietAccount({ pendingUpdateSince: 1_799_996_399_999_999n });
    expect(chores(late)).toStrictEqual({
      account: { ...late, pendingUpdateSince: undefined, announcedAt: NOW },
      payments: [],
      done: ['announce-overdue-update'],
    });
    expect(chores(aQuietAccount({ pendingUpdateSince: 1_799_996_400_000_000n })).done).toStrictEqual([]);
  });
});

describe('a capitalization', () => {
  const capitalized = (announcedAt: bigint) =>
    chores(
      anAccount({ announcedAt, interest: 12.5, lastCapitalizationTs: 0n, lastChangeTs: NOW - 120_000_000n }),
    ).account;

  it('is announced with it when nothing was announced for two minutes', () => {
    const announced = { principal: 12n, pendingUpdateSince: undefined, announcedAt: NOW };
    expect(capitalized(NOW - 120_000_000n)).toMatchObject(announced);
  });

  it('is announced later when something has just been', () => {
    const announcedAt = NOW - 119_999_999n;
    expect(capitalized(announcedAt)).toMatchObject({ principal: 12n, pendingUpdateSince: NOW, announcedAt });
  });
});

describe('the chore of a transfer', () => {
  const chore = (transfer: Parameters<typeof transferChore>[0]) =>
    transferChore(transfer, NOW, DEFAULT_SETTINGS);
  const announcedAt = (at: bigint) =>
    aTransfer({ preparation: aPreparation({ announcedAt: at, deadline: 1n }) });

  it('is a reminder 7 days after the last announcement: the same lock with a new announcement', () => {
    const due = announcedAt(1_799_395_200_000_000n);
    expect(chore(due)).toStrictEqual({ kind: 'remind', transfer: announcedAt(NOW) });
    expect(chore(announcedAt(1_799_395_200_000_001n))).toStrictEqual({ kind: 'none' });
  });

  it('is a reminder again after every 7 days, for ever, long past the deadline', () => {
    expect(chore(announcedAt(0n)).kind).toBe('remind');
  });

  it('is to credit what was committed more than a quarter of an hour ago', () => {
    const committedAt = (at: bigint) => aCommittedTransfer({ payment: aPayment({ committedAt: at }) });
    expect(chore(committedAt(1_799_999_099_999_999n))).toMatchObject({ kind: 'credit' });
    expect(chore(committedAt(1_799_999_100_000_000n))).toStrictEqual({ kind: 'none' });
  });

  it.each([
    ['rejected', aRejectedTransfer({ requestTs: 0n })],
    ['dismissed', aDismissedTransfer({ preparation: aPreparation({ announcedAt: 0n }) })],
    ['credited', aCreditedTransfer({ payment: aPayment({ committedAt: 0n }) })],
  ])('is none for one that is %s', (_status, transfer) => {
    expect(chore(transfer)).toStrictEqual({ kind: 'none' });
  });
});
