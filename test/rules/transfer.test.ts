/** Transfers: how their IDs are made, how long they are kept, and their place in an account's ledger. */

import { describe, expect, it } from 'vitest';
import { addLedgerEntry } from '../../lib/rules/ledger.ts';
import {
  expiryOf,
  isNegligible,
  isOlderThanRecords,
  isOwnRequest,
  partsOf,
  transferExpiry,
} from '../../lib/rules/transfer.ts';
import {
  configRejectionIdOf,
  ownPaymentIdOf,
  tombstoneIdOf,
  transferIdOf,
} from '../../lib/rules/transfer-ids.ts';
import {
  aConfigureAccount,
  anAccount,
  aPrepareTransfer,
  aRootAccount,
  DEFAULT_SETTINGS,
  NOW,
} from '../support/builders.ts';

const DAY = 86_400_000_000n;

/**
 * The IDs are 63 bits of a SHA-256, computed with Python's hashlib. They must never change: a copy of a request may
 * arrive after a new version of this code was deployed, and has to find the item that the old one wrote.
 */
describe('a transfer ID', () => {
  it('is the same for every copy of a request', () => {
    expect(transferIdOf(aPrepareTransfer())).toBe(3_639_058_933_342_030_353n);
  });

  it('does not depend on what the request asks for', () => {
    const copy = aPrepareTransfer({
      minLockedAmount: 5n,
      maxLockedAmount: 6n,
      recipient: '0',
      maxCommitDelay: 1,
    });
    expect(transferIdOf(copy)).toBe(3_639_058_933_342_030_353n);
  });

  it('is another one for another account, coordinator, request or instant', () => {
    const ids = [
      {},
      { debtorId: 2n },
      { creditorId: 1_099_511_627_776n },
      { coordinatorType: 'issuing' },
      { coordinatorId: 7n },
      { coordinatorRequestId: 8n },
      { coordinatorId: 7n, coordinatorRequestId: 1_099_511_627_777n },
      { ts: 1_800_000_000_000_001n },
      { coordinatorType: 'direct\n' },
    ].map((changes) => transferIdOf(aPrepareTransfer(changes)));
    expect(new Set(ids).size).toBe(9);
  });

  it('is a positive int64', () => {
    const ids = [...Array(1000).keys()].map((i) =>
      transferIdOf(aPrepareTransfer({ coordinatorRequestId: BigInt(i) })),
    );
    expect(ids.filter((id) => id < 1n || id > 9_223_372_036_854_775_807n)).toStrictEqual([]);
    expect(new Set(ids).size).toBe(1000);
  });

  it('of a payment of the server itself follows from the version of the account that it leaves', () => {
    const key = { debtorId: 1n, creditorId: 1_099_511_627_777n };
    expect(ownPaymentIdOf(key, 'interest', 1_790_000_000_000_000n)).toBe(9_054_334_153_886_813_547n);
    expect(ownPaymentIdOf(key, 'interest', 1_790_000_000_000_001n)).not.toBe(9_054_334_153_886_813_547n);
    expect(ownPaymentIdOf(key, 'delete', 1_790_000_000_000_000n)).not.toBe(9_054_334_153_886_813_547n);
  });

  it('of a rejected configuration is negative, so that no transfer is ever found under it', () => {
    const config = aConfigureAccount({ configData: 'not acceptable' });
    expect(configRejectionIdOf(config)).toBe(-5_078_848_473_678_676_503n);
  });

  it.each([
    [0, -5_720_665_736_359_804_906n],
    [-0, -6_068_325_337_609_998_975n],
  ])(
    'of a rejected configuration tells a negligible amount of 0 from one of -0: %d',
    (negligibleAmount, id) => {
      expect(configRejectionIdOf(aConfigureAccount({ negligibleAmount, configData: 'not acceptable' }))).toBe(
        id,
      );
    },
  );

  it('of a tombstone is negative, and follows from the account and the instant of its purge', () => {
    const key = { debtorId: 1n, creditorId: 1_099_511_627_777n };
    expect(tombstoneIdOf(key, NOW)).toBe(-4_364_483_820_312_138_292n);
    expect(tombstoneIdOf(key, NOW + 1n)).toBe(-3_521_195_280_216_975_184n);
  });
});

describe('the parts of a transfer', () => {
  const direct = { coordinatorType: 'direct', coordinatorId: 1n, coordinatorRequestId: 2n };
  const own = { coordinatorType: 'interest', coordinatorId: 0n, coordinatorRequestId: 0n };

  it.each([
    ['rejected', ['rejection']],
    ['prepared', ['preparation']],
    ['dismissed', ['preparation', 'finalization']],
    ['committed', ['preparation', 'finalization', 'payment']],
    ['credited', ['preparation', 'finalization', 'payment', 'credit']],
    ['config-rejected', undefined],
    ['', undefined],
    ['toString', undefined],
  ])('that was requested and is %j are %j', (status, parts) => {
    expect(partsOf(direct, status)).toStrictEqual(parts);
  });

  it.each([
    ['committed', ['payment']],
    ['credited', ['payment', 'credit']],
    ['prepared', undefined],
    ['rejected', undefined],
    ['toString', undefined],
  ])('that the server made by itself and is %j are %j', (status, parts) => {
    expect(partsOf(own, status)).toStrictEqual(parts);
  });

  it.each([
    ['interest', true],
    ['delete', true],
    ['direct', false],
    ['issuing', false],
    ['', false],
  ])('of type %j are those of a payment of the server itself: %s', (coordinatorType, isOwn) => {
    expect(isOwnRequest({ ...direct, coordinatorType })).toBe(isOwn);
  });
});

describe('a finished transfer', () => {
  it('is kept for 37 days: 7 that its request may be under way, twice 14 in SQS, and 2 more', () => {
    expect(expiryOf(NOW, DEFAULT_SETTINGS)).toBe(1_803_196_800_000_000n);
  });

  it('is kept longer where messages may be under way longer', () => {
    expect(expiryOf(NOW, { messageMaxDelaySeconds: 0 })).toBe(NOW + 30n * DAY);
    expect(expiryOf(NOW, { messageMaxDelaySeconds: 20 * 86_400 })).toBe(NOW + 50n * DAY);
  });

  it('is kept until its request is older than all records, even where the clock of who sent it was 2 days ahead', () => {
    const forgottenAt = expiryOf(NOW, DEFAULT_SETTINGS);
    expect(isOlderThanRecords(NOW + 2n * DAY, forgottenAt + 1n, DEFAULT_SETTINGS)).toBe(true);
    expect(isOlderThanRecords(NOW + 2n * DAY, forgottenAt, DEFAULT_SETTINGS)).toBe(false);
  });

  it('is kept longer where its request was dated far ahead, so that no copy is taken for a new request', () => {
    const requestTs = NOW + 100n * DAY;
    const forgottenAt = transferExpiry({ requestTs }, NOW, DEFAULT_SETTINGS);
    expect(forgottenAt).toBe(NOW + 137n * DAY);
    expect(isOlderThanRecords(requestTs, forgottenAt, DEFAULT_SETTINGS)).toBe(true);
    expect(transferExpiry({ requestTs: NOW - 1n }, NOW, DEFAULT_SETTINGS)).toBe(NOW + 37n * DAY);
  });

  it('is forgotten at a whole second, as the table wants it', () => {
    expect(expiryOf(1_800_000_000_999_999n, DEFAULT_SETTINGS)).toBe(1_803_196_800_000_000n);
  });

  it('is kept to the end of the year 9999 at the most', () => {
    expect(expiryOf(253_402_300_799_000_000n, DEFAULT_SETTINGS)).toBe(253_402_300_799_000_000n);
  });
});

describe('a negligible transfer', () => {
  const account = anAccount({ negligibleAmount: 100.5 });

  it.each([
    ['an incoming one of at most the negligible amount', 'direct', 100n, true],
    ['not one that is greater', 'direct', 101n, false],
    ['not an outgoing one', 'direct', -1n, false],
    ['not one of nothing', 'direct', 0n, false],
    ['not one of type agent', 'agent', 100n, false],
    ['one of interest', 'interest', 1n, true],
    ['one of an unknown type', 'swap', 1n, true],
  ])('is %s', (_case, coordinatorType, amount, expected) => {
    expect(isNegligible(account, coordinatorType, amount)).toBe(expected);
  });

  it('is none where the negligible amount is 0', () => {
    expect(isNegligible(anAccount(), 'direct', 1n)).toBe(false);
  });
});

describe('a ledger entry', () => {
  it('counts the transfers of the account and tells its principal', () => {
    const account = anAccount({ principal: 50n, lastTransferNumber: 8n });
    expect(
      addLedgerEntry(account, { coordinatorType: 'direct', acquiredAmount: -5n, committedAt: NOW }),
    ).toStrictEqual({
      account: anAccount({ principal: 50n, lastTransferNumber: 9n, lastTransferCommittedAt: NOW }),
      entry: { creationDate: '2026-09-21', transferNumber: 9n, principal: 50n },
    });
  });

  it('is not made for root accounts, in either direction', () => {
    const root = aRootAccount();
    expect(
      addLedgerEntry(root, { coordinatorType: 'issuing', acquiredAmount: -5n, committedAt: NOW }),
    ).toStrictEqual({ account: root, entry: undefined });
    expect(
      addLedgerEntry(root, { coordinatorType: 'agent', acquiredAmount: 5n, committedAt: NOW }),
    ).toStrictEqual({ account: root, entry: undefined });
  });
});
