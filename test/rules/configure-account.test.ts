/** ConfigureAccount on accounts that exist or are created: order, age, acceptance. Revival has its own file. */

import { describe, expect, it } from 'vitest';
import type { ConfigureAccount } from '../../lib/protocol/messages.ts';
import { configureAccount } from '../../lib/rules/configure-account.ts';
import type { Snapshot, Step } from '../../lib/rules/snapshot.ts';
import {
  aConfigRejection,
  aConfigureAccount,
  aDeletedAccount,
  anAccount,
  aRootAccount,
  aSnapshot,
  DEFAULT_SETTINGS,
  NOW,
} from '../support/builders.ts';

function configure(snapshot: Snapshot, message: ConfigureAccount, now = NOW): Step {
  return configureAccount(snapshot, message, { now, settings: DEFAULT_SETTINGS });
}

const NONE = aSnapshot({ account: undefined });
const STALE = { outcome: { kind: 'ignored', reason: 'stale configuration' } };

describe('ConfigureAccount for an account that exists', () => {
  it('applies every field, and announces it at once', () => {
    const account = anAccount({
      principal: 1000n,
      interest: 3.25,
      totalLockedAmount: 5n,
      pendingTransfersCount: 1,
      lastTransferNumber: 9n,
      pendingUpdateSince: 1_799_999_999_000_000n,
      lastChangeSeqnum: 2_147_483_647,
      lastConfigTs: 1_799_000_000_000_000n,
      lastConfigSeqnum: 77,
    });
    const message = aConfigureAccount({
      negligibleAmount: 1e300,
      configFlags: -2_147_483_648,
      ts: 1_799_000_000_000_001n,
      seqnum: -5,
    });
    expect(configure(aSnapshot({ account }), message)).toStrictEqual({
      account: {
        ...account,
        lastChangeTs: 1_800_000_000_000_000n,
        lastChangeSeqnum: -2_147_483_648,
        lastConfigTs: 1_799_000_000_000_001n,
        lastConfigSeqnum: -5,
        negligibleAmount: 1e300,
        configFlags: -2_147_483_648,
        configData: '',
        pendingUpdateSince: undefined,
        announcedAt: 1_800_000_000_000_000n,
      },
      outcome: { kind: 'applied' },
    });
  });

  it('brings interest up to now', () => {
    const account = anAccount({
      principal: 1000n,
      interest: -200,
      interestRate: 100,
      lastChangeTs: 1_768_442_400_000_000n,
    });
    // 800 doubles in 365.25 days.
    expect(configure(aSnapshot({ account }), aConfigureAccount()).account).toHaveProperty('interest', 600);
  });

  it('keeps its rate and debtor info, which follow the currency at another time', () => {
    const debtorInfo = { iri: 'https://old.example/', contentType: '', sha256: '' };
    const account = anAccount({ interestRate: 5, lastInterestRateChangeTs: 1n, debtorInfo });
    const terms = { rate: 7, debtorInfo: { iri: 'https://new.example/', contentType: '', sha256: '' } };
    expect(configure(aSnapshot({ account, terms }), aConfigureAccount()).account).toMatchObject({
      interestRate: 5,
      lastInterestRateChangeTs: 1n,
      debtorInfo,
    });
  });

  it('may be very late, as long as it is later than the latest', () => {
    const account = anAccount({ lastConfigTs: 0n });
    const step = configure(aSnapshot({ account }), aConfigureAccount({ ts: 1n }));
    expect(step.outcome).toStrictEqual({ kind: 'applied' });
  });
});

describe('the order of configurations', () => {
  const account = (lastConfigSeqnum: number) =>
    anAccount({ lastConfigTs: 1_799_000_000_000_000n, lastConfigSeqnum });

  it.each([
    ['a microsecond earlier, whatever its seqnum', 0, 1_798_999_999_999_999n, 1],
    ['the same', 0, 1_799_000_000_000_000n, 0],
    ['of the same instant with the seqnum before', 0, 1_799_000_000_000_000n, -1],
    [
      'of the same instant with the seqnum before, across the wrap',
      -2_147_483_648,
      1_799_000_000_000_000n,
      2_147_483_647,
    ],
    ['of the same instant, just half the circle away', 0, 1_799_000_000_000_000n, -2_147_483_648],
    [
      'of the same instant, just half the circle away from the other side',
      -2_147_483_648,
      1_799_000_000_000_000n,
      0,
    ],
    ['of the same instant, more than half the circle away', -1, 1_799_000_000_000_000n, 2_147_483_647],
  ])('a message is stale when it is %s', (_case, lastConfigSeqnum, ts, seqnum) => {
    const snapshot = aSnapshot({ account: account(lastConfigSeqnum) });
    expect(configure(snapshot, aConfigureAccount({ ts, seqnum }))).toStrictEqual(STALE);
  });

  it.each([
    ['a microsecond later, whatever its seqnum', 0, 1_799_000_000_000_001n, -1],
    ['of the same instant with the next seqnum', 0, 1_799_000_000_000_000n, 1],
    [
      'of the same instant with the next seqnum, across the wrap',
      2_147_483_647,
      1_799_000_000_000_000n,
      -2_147_483_648,
    ],
    ['of the same instant, just less than half the circle away', 0, 1_799_000_000_000_000n, 2_147_483_647],
    [
      'of the same instant, just less than half the circle away across the wrap',
      1,
      1_799_000_000_000_000n,
      -2_147_483_648,
    ],
  ])('a message is applied when it is %s', (_case, lastConfigSeqnum, ts, seqnum) => {
    const snapshot = aSnapshot({ account: account(lastConfigSeqnum) });
    const step = configure(snapshot, aConfigureAccount({ ts, seqnum }));
    expect(step.account).toMatchObject({ lastConfigTs: ts, lastConfigSeqnum: seqnum });
  });

  it('is kept by accounts that are only marked as deleted', () => {
    const deleted = aDeletedAccount({ lastConfigTs: NOW, lastConfigSeqnum: 3 });
    expect(configure(aSnapshot({ account: deleted }), aConfigureAccount({ seqnum: 3 }))).toStrictEqual(STALE);
  });
});

describe('ConfigureAccount for an account that does not exist', () => {
  it('creates it on the terms of its currency, and announces it at once', () => {
    const terms = {
      rate: -12.5,
      debtorInfo: { iri: 'https://example.com/', contentType: 'text/html', sha256: 'A'.repeat(64) },
    };
    const message = aConfigureAccount({ configFlags: 1, ts: 1_799_999_999_000_000n, seqnum: 12 });
    expect(configure(aSnapshot({ account: undefined, terms }), message)).toStrictEqual({
      account: {
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        version: 1_800_000_000_000_000n,
        creationDate: '2027-01-15',
        deletedAt: undefined,
        principal: 0n,
        clippedAmount: 0n,
        interest: 0,
        interestRate: -12.5,
        previousInterestRate: 0,
        lastInterestRateChangeTs: 1_800_000_000_000_000n,
        totalLockedAmount: 0n,
        pendingTransfersCount: 0,
        lastChangeTs: 1_800_000_000_000_000n,
        lastChangeSeqnum: 0,
        lastConfigTs: 1_799_999_999_000_000n,
        lastConfigSeqnum: 12,
        negligibleAmount: 2,
        configFlags: 1,
        configData: '',
        debtorInfo: { iri: 'https://example.com/', contentType: 'text/html', sha256: 'A'.repeat(64) },
        lastTransferNumber: 0n,
        lastTransferCommittedAt: 0n,
        lastCapitalizationTs: 1_800_000_000_000_000n,
        lastDeletionAttemptTs: 0n,
        pendingUpdateSince: undefined,
        announcedAt: 1_800_000_000_000_000n,
      },
      outcome: { kind: 'applied' },
    });
  });

  it('has never changed its rate when the rate of the currency is zero', () => {
    expect(configure(NONE, aConfigureAccount()).account).toMatchObject({
      interestRate: 0,
      lastInterestRateChangeTs: 0n,
    });
  });

  it.each([
    ['just the maximum message delay ago', 1_799_395_200_000_000n, 'applied'],
    ['a microsecond longer ago', 1_799_395_199_999_999n, 'ignored'],
    ['in the year 1', -62_135_596_800_000_000n, 'ignored'],
    ['in the future', 1_900_000_000_000_000n, 'applied'],
    ['at the end of the year 9999', 253_402_300_799_999_999n, 'applied'],
  ])('is judged by its ts: %s', (_when, ts, kind) => {
    expect(configure(NONE, aConfigureAccount({ ts })).outcome.kind).toBe(kind);
  });

  it('is ignored, and not rejected, when it is both too old and unacceptable', () => {
    const message = aConfigureAccount({ ts: 1_799_395_199_999_999n, configData: 'x' });
    expect(configure(NONE, message)).toStrictEqual({
      outcome: { kind: 'ignored', reason: 'too old to create an account' },
    });
  });

  it('creates it under a reserved creditor ID, too: who may use which is decided by who may send', () => {
    const none = aSnapshot({ account: undefined, key: { debtorId: 1n, creditorId: 4_294_967_295n } });
    expect(configure(none, aConfigureAccount({ creditorId: 4_294_967_295n })).outcome.kind).toBe('applied');
  });

  it('creates nothing when it is rejected', () => {
    const step = configure(NONE, aConfigureAccount({ configData: 'x' }));
    expect(step.account).toBeUndefined();
    expect(step.outcome).toStrictEqual({ kind: 'rejected', reason: 'INVALID_CONFIGURATION' });
  });
});

describe('an unacceptable configuration', () => {
  it('is recorded as it came, for 30 days, and not applied: its ts and seqnum are not kept', () => {
    const message = aConfigureAccount({ configData: 'not acceptable' });
    expect(configure(aSnapshot({ account: anAccount() }), message)).toStrictEqual({
      record: {
        kind: 'config-rejection',
        sender: { debtorId: 1n, creditorId: 1_099_511_627_777n },
        // 63 bits of the SHA-256 of the message, computed with Python's hashlib.
        transferId: -5_078_848_473_678_676_503n,
        config: message,
        rejectedAt: 1_800_000_000_000_000n,
        expiresAt: 1_802_592_000_000_000n,
      },
      outcome: { kind: 'rejected', reason: 'INVALID_CONFIGURATION' },
    });
  });

  it('is announced once, not again when it is redelivered', () => {
    const message = aConfigureAccount({ configData: 'not acceptable' });
    const records = [aConfigRejection({ transferId: -5_078_848_473_678_676_503n, config: message })];
    expect(configure(aSnapshot({ records }), message)).toStrictEqual({
      outcome: { kind: 'ignored', reason: 'configuration rejected before' },
    });
  });

  it('is announced again when anything in it differs', () => {
    const records = [aConfigRejection({ transferId: -5_078_848_473_678_676_503n })];
    const rejected = (changes: Partial<ConfigureAccount>) =>
      configure(aSnapshot({ records }), aConfigureAccount({ configData: 'not acceptable', ...changes }));
    expect(rejected({ seqnum: 1 }).outcome.kind).toBe('rejected');
    expect(rejected({ ts: 1_800_000_000_000_001n }).outcome.kind).toBe('rejected');
    expect(rejected({ negligibleAmount: 2.5 }).outcome.kind).toBe('rejected');
    expect(rejected({ configFlags: 1 }).outcome.kind).toBe('rejected');
    expect(rejected({ configData: 'not acceptable either' }).outcome.kind).toBe('rejected');
  });

  it('is just ignored when it is stale, too', () => {
    const message = aConfigureAccount({ ts: 1_790_000_000_000_000n, configData: 'x' });
    expect(configure(aSnapshot({ account: anAccount() }), message)).toStrictEqual(STALE);
  });

  it('leaves a deleted account deleted', () => {
    const snapshot = aSnapshot({ account: aDeletedAccount() });
    const step = configure(snapshot, aConfigureAccount({ configData: 'x' }));
    expect(step.account).toBeUndefined();
    expect(step.outcome).toStrictEqual({ kind: 'rejected', reason: 'INVALID_CONFIGURATION' });
  });

  const valid = '{"type":"RootConfigData","rate":5.5}';

  it.each([
    ['RootConfigData on an ordinary account', anAccount(), valid],
    ['anything but RootConfigData on a root account', aRootAccount(), '{"type":"ConfigData"}'],
    ['RootConfigData out of its limits', aRootAccount(), '{"type":"RootConfigData","rate":100.1}'],
    ['a space', anAccount(), ' '],
    ['a space on a root account', aRootAccount(), ' '],
    ['an empty object', aRootAccount(), '{}'],
  ])('is, among others, %s', (_case, account, configData) => {
    const message = aConfigureAccount({ creditorId: account.creditorId, configData });
    expect(configure(aSnapshot({ account }), message).outcome.kind).toBe('rejected');
  });

  it.each([
    ['an empty one of an ordinary account', anAccount(), ''],
    ['an empty one of a root account', aRootAccount(), ''],
    ['RootConfigData of a root account', aRootAccount(), valid],
    ['RootConfigData with a version', aRootAccount(), '{"type":"RootConfigData-v12"}'],
  ])('is not %s', (_case, account, configData) => {
    const message = aConfigureAccount({ creditorId: account.creditorId, configData });
    expect(configure(aSnapshot({ account }), message).account).toHaveProperty('configData', configData);
  });
});
