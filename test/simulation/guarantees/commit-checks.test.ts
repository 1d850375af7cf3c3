/** The checks notice what they must notice. `simulate --mutations` shows the same in whole worlds. */

import { describe, expect, it } from 'vitest';
import type { Account } from '../../../lib/rules/account.ts';
import type { TransferRecord } from '../../../lib/rules/transfer.ts';
import { parseSettings } from '../../../lib/shell/settings.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  aCreditedTransfer,
  aDeletedAccount,
  anAccount,
  aPayment,
  aPreparation,
  aRootAccount,
  aTombstone,
  aTransfer,
  RECIPIENT_ID,
} from '../../support/builders.ts';
import { drawFeatures } from '../features.ts';
import type { Commit, Pair } from '../history.ts';
import { Random } from '../random.ts';
import { accountsChangeByTheRules, deletionByTheRules } from './accounts.ts';
import { conservation, principalsExplained } from './conservation.ts';
import { interestAccrues } from './interest.ts';
import { entriesInOrder } from './ledger-entries.ts';
import { issuingIsLimited, locksAddUp, locksAreCovered } from './locks.ts';
import { finalizedByTheRules, oneWayOnly, preparedByTheRules, requestsHandledOnce } from './transfers.ts';
import type { CommitCheck } from './violation.ts';

const FEATURES = drawFeatures(new Random('any'), { negativeInterest: 0, clockSkew: 0, narrowIds: 0 });
const SETTINGS = parseSettings({});
/** 2027-01-15T08:00:00Z. */
const AT = 1_800_000_000_000_000;

interface Changes {
  readonly accounts?: readonly Pair<Account>[];
  readonly records?: readonly Pair<TransferRecord>[];
}

function aCommit({ accounts = [], records = [] }: Changes): Commit {
  return { at: AT, accounts, records };
}

function created<T>(after: T): Pair<T> {
  return { before: undefined, after };
}

/** What the check reports about the last commit, after it has accepted the earlier ones. */
function verdict(check: CommitCheck, ...commits: readonly Changes[]): string | undefined {
  const verdicts = commits.map((changes) => check(aCommit(changes)));
  expect(verdicts.slice(0, -1).filter((violation) => violation !== undefined)).toStrictEqual([]);
  return verdicts.at(-1)?.guarantee;
}

const ROOT_CREATED = { accounts: [created(aRootAccount())] };
const debited = anAccount({ principal: -100n });
const committed = aCommittedTransfer();

describe('conservation', () => {
  it('lets a debit pass with the credit that it leaves under way', () => {
    const changes = { accounts: [created(debited)], records: [created<TransferRecord>(committed)] };
    expect(verdict(conservation(), changes)).toBe(undefined);
    expect(verdict(principalsExplained(), changes)).toBe(undefined);
  });

  it('sees money from nowhere', () => {
    const changes = { accounts: [{ before: anAccount(), after: anAccount({ principal: 1n }) }] };
    expect(verdict(conservation(), changes)).toMatch(/^1\./);
    expect(verdict(principalsExplained(), changes)).toMatch(/^2\./);
  });

  it('sees a credit without an account', () => {
    const credit = { records: [{ before: committed, after: aCreditedTransfer() }] };
    expect(verdict(principalsExplained(), credit)).toMatch(/^2\./);
  });
});

describe('locks', () => {
  const lock: Pair<TransferRecord> = created(aTransfer());
  const lockedAmount = aPreparation().lockedAmount;

  it('add up to what the account says', () => {
    const account = anAccount({ totalLockedAmount: lockedAmount, pendingTransfersCount: 1 });
    expect(verdict(locksAddUp(), { accounts: [created(account)], records: [lock] })).toBe(undefined);
  });

  it.each([
    ['another amount', { totalLockedAmount: lockedAmount + 1n, pendingTransfersCount: 1 }],
    ['another count', { totalLockedAmount: lockedAmount, pendingTransfersCount: 2 }],
  ])('do not add up to %s', (_name, changes) => {
    const commit = { accounts: [created(anAccount(changes))], records: [lock] };
    expect(verdict(locksAddUp(), commit)).toMatch(/^3\./);
  });

  it('do not exceed what an ordinary account has', () => {
    const change = (totalLockedAmount: bigint) => ({
      accounts: [created(anAccount({ principal: 100n, totalLockedAmount }))],
    });
    expect(verdict(locksAreCovered(FEATURES), change(100n))).toBe(undefined);
    expect(verdict(locksAreCovered(FEATURES), change(101n))).toMatch(/never locks or spends more/);
  });

  it('do not exceed what a root account may issue', () => {
    const root = aRootAccount();
    const issuing = created(aTransfer({ sender: { debtorId: root.debtorId, creditorId: root.creditorId } }));
    const change = (totalLockedAmount: bigint, record: Pair<TransferRecord>) => ({
      accounts: [{ before: root, after: aRootAccount({ totalLockedAmount }) }],
      records: [record],
    });
    expect(verdict(issuingIsLimited(), change(1_000_000n, issuing))).toBe(undefined);
    expect(verdict(issuingIsLimited(), change(1_000_001n, issuing))).toMatch(/never issues beyond/);
    // A lock of another account in the same commit takes nothing from this one.
    expect(verdict(issuingIsLimited(), change(1_000_001n, lock))).toBe(undefined);
  });
});

describe('items of the transfers table', () => {
  it.each<[string, Pair<TransferRecord>]>([
    ['are not credited again', { before: aCreditedTransfer(), after: aCommittedTransfer() }],
    ['are not finalized again', { before: aCreditedTransfer(), after: aTransfer() }],
    ['are not forgotten under way', { before: committed, after: undefined }],
    ['do not expire under way', created(aCommittedTransfer({ expiresAt: 1n }))],
    [
      'do not change what was paid',
      { before: committed, after: aCreditedTransfer({ payment: aPayment({ amount: 7n }) }) },
    ],
    ['are not rejected twice', { before: aConfigRejection(), after: aConfigRejection({ rejectedAt: 1n }) }],
    ['are not born credited', created(aCreditedTransfer())],
  ])('%s', (_name, record) => {
    expect(verdict(oneWayOnly(), { records: [record] })).toMatch(/^4\./);
  });

  it('go their way', () => {
    const records = [created<TransferRecord>(aTransfer()), { before: committed, after: aCreditedTransfer() }];
    expect(verdict(oneWayOnly(), { records })).toBe(undefined);
  });

  it('are made once for a request, also when the item was forgotten meanwhile', () => {
    const birth = { records: [created<TransferRecord>(aTransfer())] };
    const sameRequest = { records: [created<TransferRecord>(aTransfer({ transferId: 6n }))] };
    expect(verdict(requestsHandledOnce(FEATURES), birth)).toBe(undefined);
    expect(verdict(requestsHandledOnce(FEATURES), birth, birth)).toMatch(/^4\./);
    expect(verdict(requestsHandledOnce(FEATURES), birth, sameRequest)).toMatch(/^4\./);
  });

  it('are not prepared under a rate that was not agreed to', () => {
    const records = [
      created<TransferRecord>(aTransfer({ preparation: aPreparation({ finalInterestRateTs: 4n }) })),
    ];
    const change = (lastInterestRateChangeTs: bigint) => ({
      accounts: [created(anAccount({ lastInterestRateChangeTs }))],
      records,
    });
    expect(verdict(preparedByTheRules(), change(4n))).toBe(undefined);
    expect(verdict(preparedByTheRules(), change(5n))).toMatch(/prepared only when/);
  });

  it('are not committed after their deadline', () => {
    const late = aCommittedTransfer({ preparation: aPreparation({ deadline: 0n }) });
    const change = (after: TransferRecord) => ({ records: [{ before: aTransfer(), after }] });
    expect(verdict(finalizedByTheRules(), change(committed))).toBe(undefined);
    expect(verdict(finalizedByTheRules(), change(late))).toMatch(/finalized with the status/);
  });
});

describe('ledger entries', () => {
  const entry = committed.payment?.senderEntry;
  const account = anAccount({
    creationDate: entry?.creationDate ?? '',
    principal: (entry?.principal ?? 0n) + 100n,
    lastTransferNumber: (entry?.transferNumber ?? 0n) - 1n,
  });
  const paid = {
    ...account,
    principal: entry?.principal ?? 0n,
    lastTransferNumber: entry?.transferNumber ?? 0n,
    lastTransferCommittedAt: committed.payment?.committedAt ?? 0n,
  };
  const records: Pair<TransferRecord>[] = [{ before: aTransfer(), after: committed }];

  it('follow each other', () => {
    expect(verdict(entriesInOrder(), { accounts: [{ before: account, after: paid }], records })).toBe(
      undefined,
    );
  });

  it.each([
    ['leave no number out', { lastTransferNumber: account.lastTransferNumber - 1n }],
    ['start from the principal before', { principal: account.principal + 1n }],
  ])('%s', (_name, changes) => {
    const before = { ...account, ...changes };
    expect(verdict(entriesInOrder(), { accounts: [{ before, after: paid }], records })).toMatch(/^5\./);
  });
});

describe('accounts', () => {
  const before = anAccount({ lastConfigTs: 10n, lastConfigSeqnum: 3 });
  const after = { ...before, version: before.version + 1n };

  it.each<[string, Partial<Account>]>([
    ['tell changes apart', { configFlags: 2, lastConfigTs: 11n }],
    ['never go back to an older configuration', { lastConfigSeqnum: 2, lastChangeSeqnum: 1 }],
    ['do not change their configuration by themselves', { configFlags: 2, lastChangeSeqnum: 1 }],
    ['do not change their rate twice in a row', { interestRate: 1, lastChangeSeqnum: 1 }],
    ['do not go back in time', { principal: 5n, lastChangeSeqnum: 1, lastChangeTs: 1n }],
    ['count their versions', { version: before.version }],
  ])('%s', (_name, changes) => {
    const check = accountsChangeByTheRules(SETTINGS);
    expect(verdict(check, { accounts: [{ before, after }] })).toBe(undefined);
    expect(verdict(check, { accounts: [{ before, after: { ...after, ...changes } }] })).toMatch(
      /are ordered/,
    );
  });

  it.each<[string, Pair<Account>]>([
    ['are not removed alive', { before: anAccount(), after: undefined }],
    ['are not removed too early', { before: aDeletedAccount(), after: undefined }],
    ['are not deleted unasked', { before: anAccount(), after: aDeletedAccount() }],
    [
      'hold nothing when they are deleted',
      { before: aDeletedAccount(), after: aDeletedAccount({ principal: 1n }) },
    ],
  ])('%s', (_name, pair) => {
    expect(verdict(deletionByTheRules(SETTINGS, FEATURES), { accounts: [pair] })).toMatch(
      /nothing can be lost/,
    );
  });

  it('have a later creation date in another life', () => {
    const account = aDeletedAccount({ deletedAt: 1n });
    const purge = {
      accounts: [{ before: account, after: undefined }],
      records: [created<TransferRecord>(aTombstone({ creationDate: account.creationDate }))],
    };
    const check = (): CommitCheck => deletionByTheRules(SETTINGS, FEATURES);
    const again = (creationDate: string) => ({ accounts: [created(anAccount({ creationDate }))] });
    expect(verdict(check(), purge, again('2026-09-22'))).toBe(undefined);
    expect(verdict(check(), purge, again('2026-09-21'))).toMatch(/nothing can be lost/);
  });

  it('leave a tombstone of the life that has ended', () => {
    const account = aDeletedAccount({ deletedAt: 1n });
    const accounts = [{ before: account, after: undefined }];
    for (const records of [[], [created<TransferRecord>(aTombstone({ creationDate: '2000-01-01' }))]]) {
      expect(verdict(deletionByTheRules(SETTINGS, FEATURES), { accounts, records })).toMatch(
        /nothing can be lost/,
      );
    }
  });
});

describe('interest', () => {
  const before = anAccount({ principal: 1_000_000n, interestRate: 10 });
  // A year of 365.25 days later.
  const lastChangeTs = before.lastChangeTs + 31_557_600_000_000n;

  it.each([
    ['accrues until a change', 100_000, undefined],
    [
      'is not forgotten',
      0,
      'Interest is accrued until each change, and credits that come late are owed it too',
    ],
  ])('%s', (_name, interest, expected) => {
    const after = { ...before, lastChangeTs, interest };
    expect(verdict(interestAccrues(), { accounts: [{ before, after }] })).toBe(expected);
  });

  it('is owed to a credit that comes late', () => {
    const recipient = anAccount({ creditorId: RECIPIENT_ID, interestRate: 10, lastChangeTs });
    const transfer = aCreditedTransfer({
      payment: aPayment({ amount: 1_000_000n, committedAt: before.lastChangeTs }),
    });
    const change = (interest: number) => ({
      accounts: [{ before: recipient, after: { ...recipient, principal: 1_000_000n, interest } }],
      records: [{ before: committed, after: transfer }],
    });
    expect(verdict(interestAccrues(), change(100_000))).toBe(undefined);
    expect(verdict(interestAccrues(), change(0))).toMatch(/come late/);
  });
});

describe('a check', () => {
  it('has nothing against the creation of a root account', () => {
    const checks = [conservation(), locksAddUp(), entriesInOrder(), accountsChangeByTheRules(SETTINGS)];
    expect(checks.map((check) => verdict(check, ROOT_CREATED))).toStrictEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
