/** The messages about accounts, and when a deferred update is due. */

import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/rules/account.ts';
import { becamePending, projectAccount } from '../../lib/rules/projection.ts';
import { aDeletedAccount, anAccount, DEFAULT_SETTINGS, NOW } from '../support/builders.ts';

const RECORDED_AT = 1_800_000_009_000_000n;
type Image = Account | undefined;

function project(before: Image, after: Image, settings = DEFAULT_SETTINGS) {
  return projectAccount({ before, after }, RECORDED_AT, settings);
}

describe('AccountUpdate', () => {
  it('is due when the account was announced anew, at whatever instant', () => {
    const before = anAccount({
      announcedAt: 1n,
      lastChangeTs: 5n,
      lastConfigTs: 5n,
      lastCapitalizationTs: 5n,
      lastInterestRateChangeTs: 5n,
      lastDeletionAttemptTs: 5n,
      lastTransferCommittedAt: 5n,
    });
    expect(project(before, { ...before, announcedAt: 5n })).toHaveLength(1);
    expect(project(before, { ...before })).toStrictEqual([]);
  });

  it('tells every field of the account', () => {
    const account = anAccount({
      debtorId: -5n,
      creditorId: -1n,
      creationDate: '2026-12-31',
      principal: -3n,
      interest: 1e300,
      interestRate: -50,
      previousInterestRate: 99,
      lastInterestRateChangeTs: 1_800_000_000_000_001n,
      totalLockedAmount: 11n,
      pendingTransfersCount: 1,
      lastChangeTs: 1_800_000_000_000_002n,
      lastChangeSeqnum: -2_147_483_648,
      lastConfigTs: 1_800_000_000_000_003n,
      lastConfigSeqnum: 2_147_483_647,
      negligibleAmount: 5e-324,
      configFlags: -1,
      configData: 'anything',
      debtorInfo: { iri: 'https://example.com/', contentType: 'text/html', sha256: 'A'.repeat(64) },
      lastTransferNumber: 9_223_372_036_854_775_807n,
      lastTransferCommittedAt: 1_800_000_000_000_004n,
      announcedAt: 1_800_000_000_000_005n,
    });
    expect(project(undefined, account)).toStrictEqual([
      {
        type: 'AccountUpdate',
        debtorId: -5n,
        creditorId: -1n,
        creationDate: '2026-12-31',
        lastChangeTs: 1_800_000_000_000_002n,
        lastChangeSeqnum: -2_147_483_648,
        principal: -3n,
        interest: 1e300,
        interestRate: -50,
        lastInterestRateChangeTs: 1_800_000_000_000_001n,
        lastConfigTs: 1_800_000_000_000_003n,
        lastConfigSeqnum: 2_147_483_647,
        negligibleAmount: 5e-324,
        configFlags: -1,
        configData: 'anything',
        accountId: '18446744073709551615',
        debtorInfoIri: 'https://example.com/',
        debtorInfoContentType: 'text/html',
        debtorInfoSha256: 'A'.repeat(64),
        lastTransferNumber: 9_223_372_036_854_775_807n,
        lastTransferCommittedAt: 1_800_000_000_000_004n,
        demurrageRate: -50,
        commitPeriod: 7_776_000,
        transferNoteMaxBytes: 500,
        ttl: 604_800,
        ts: 1_800_000_000_000_005n,
      },
    ]);
  });

  it('tells the defaults of what never happened', () => {
    const account = anAccount({
      creditorId: 0n,
      lastConfigTs: 0n,
      lastChangeTs: NOW,
      announcedAt: NOW,
    });
    expect(project(undefined, account)).toStrictEqual([
      {
        type: 'AccountUpdate',
        debtorId: 1n,
        creditorId: 0n,
        creationDate: '2026-09-21',
        lastChangeTs: NOW,
        lastChangeSeqnum: 0,
        principal: 0n,
        interest: 0,
        interestRate: 0,
        lastInterestRateChangeTs: 0n,
        lastConfigTs: 0n,
        lastConfigSeqnum: 0,
        negligibleAmount: 0,
        configFlags: 0,
        configData: '',
        accountId: '0',
        debtorInfoIri: '',
        debtorInfoContentType: '',
        debtorInfoSha256: '',
        lastTransferNumber: 0n,
        lastTransferCommittedAt: 0n,
        demurrageRate: -50,
        commitPeriod: 7_776_000,
        transferNoteMaxBytes: 500,
        ttl: 604_800,
        ts: NOW,
      },
    ]);
  });

  it('tells ttl in whole seconds where the setting has a fraction', () => {
    const settings = { ...DEFAULT_SETTINGS, messageMaxDelaySeconds: 1.4 };
    expect(project(undefined, anAccount(), settings)).toMatchObject([{ ttl: 1 }]);
  });

  it('tells the commit period of the account, which a new setting alone does not change', () => {
    const settings = { ...DEFAULT_SETTINGS, commitPeriodSeconds: 3_600 };
    expect(project(undefined, anAccount({ commitPeriod: 86_400 }), settings)).toMatchObject([
      { commitPeriod: 86_400, lastChangeSeqnum: 0 },
    ]);
  });

  it('is sent when the account was announced, and only then', () => {
    const before = anAccount();
    const changed = anAccount({ principal: 5n, lastChangeSeqnum: 1, pendingUpdateSince: NOW });
    expect(project(before, changed)).toStrictEqual([]);
    expect(project(changed, { ...changed, announcedAt: NOW })).toMatchObject([{ type: 'AccountUpdate' }]);
    expect(project(before, before)).toStrictEqual([]);
  });

  it('is sent for an account that is marked as deleted', () => {
    const deleted = aDeletedAccount({ announcedAt: 1_798_761_600_000_000n });
    expect(project(anAccount({ principal: 1n }), deleted)).toMatchObject([{ principal: 0n, configFlags: 1 }]);
  });

  it('is not sent for locks alone', () => {
    const locked = anAccount({ totalLockedAmount: 5n, pendingTransfersCount: 1 });
    expect(project(anAccount(), locked)).toStrictEqual([]);
  });
});

describe('AccountPurge', () => {
  it('is sent when the account was removed, with the moment of its removal', () => {
    expect(project(aDeletedAccount({ creationDate: '2026-12-31' }), undefined)).toStrictEqual([
      {
        type: 'AccountPurge',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        creationDate: '2026-12-31',
        ts: 1_800_000_009_000_000n,
      },
    ]);
  });

  it('is not sent of an account that was not deleted, which somebody has removed by hand', () => {
    expect(project(anAccount(), undefined)).toStrictEqual([]);
  });

  it('is not sent where there was nothing', () => {
    expect(project(undefined, undefined)).toStrictEqual([]);
  });
});

describe('a deferred update', () => {
  const pending = anAccount({ pendingUpdateSince: NOW });

  it('becomes due with the first of the changes', () => {
    expect(becamePending({ before: anAccount(), after: pending })).toBe(NOW);
    expect(becamePending({ before: undefined, after: pending })).toBe(NOW);
  });

  it('becomes due again when another one was announced in between', () => {
    const next = anAccount({ pendingUpdateSince: 1_800_000_000_000_001n });
    expect(becamePending({ before: pending, after: next })).toBe(1_800_000_000_000_001n);
  });

  it('does not become due with the changes that follow', () => {
    expect(becamePending({ before: pending, after: { ...pending, principal: 5n } })).toBeUndefined();
  });

  it('does not become due by being announced, or by a removal', () => {
    expect(becamePending({ before: pending, after: anAccount() })).toBeUndefined();
    expect(becamePending({ before: pending, after: undefined })).toBeUndefined();
    expect(becamePending({ before: anAccount(), after: anAccount() })).toBeUndefined();
  });
});
