/** Crediting: committed transfers reach their recipient's account. Late credits have their own file. */

import { describe, expect, it } from 'vitest';
import { credit } from '../../lib/rules/credit.ts';
import type { Transfer } from '../../lib/rules/transfer.ts';
import {
  aCommittedTransfer,
  aDeletedAccount,
  anAccount,
  aPayment,
  aRootAccount,
  aTransfer,
  at,
  NO_TERMS,
  NOW,
  RECIPIENT_ID,
} from '../support/builders.ts';

const KEY = { debtorId: 1n, creditorId: RECIPIENT_ID };
const LATER = 1_800_000_060_000_000n;

function aRecipient(changes: Parameters<typeof anAccount>[0] = {}) {
  return anAccount({ creditorId: RECIPIENT_ID, ...changes });
}

/** A transfer of `amount` that was committed `committedAt`. */
function committed(
  transferId: bigint,
  amount: bigint,
  committedAt = NOW,
  type = 'direct',
): Transfer<'committed'> {
  return aCommittedTransfer({
    transferId,
    request: { ...aTransfer().request, coordinatorType: type },
    payment: aPayment({ amount, committedAt }),
  });
}

describe('a credit', () => {
  it('adds the amount to the principal, gives it the next transfer number, and is announced at once when nothing was for long', () => {
    const recipient = aRecipient({ principal: 7n, lastTransferNumber: 3n, negligibleAmount: 99.9 });
    const transfer = aCommittedTransfer();
    expect(credit({ key: KEY, account: recipient, terms: NO_TERMS }, [transfer], at(LATER))).toStrictEqual({
      account: aRecipient({
        principal: 107n,
        negligibleAmount: 99.9,
        lastTransferNumber: 4n,
        // The moment of the commit, on both sides.
        lastTransferCommittedAt: 1_800_000_000_000_000n,
        lastChangeTs: 1_800_000_060_000_000n,
        lastChangeSeqnum: 1,
        announcedAt: 1_800_000_060_000_000n,
      }),
      records: [
        {
          ...transfer,
          status: 'credited',
          credit: {
            creditedAt: 1_800_000_060_000_000n,
            recipientEntry: { creationDate: '2026-09-21', transferNumber: 4n, principal: 107n },
          },
          expiresAt: 1_803_196_860_000_000n,
        },
      ],
    });
  });

  it('to an account that has just been announced is announced eventually', () => {
    const { account } = credit(
      { key: KEY, account: aRecipient({ announcedAt: NOW }), terms: NO_TERMS },
      [aCommittedTransfer()],
      at(LATER),
    );
    expect(account).toMatchObject({ principal: 100n, announcedAt: NOW, pendingUpdateSince: LATER });
  });

  it('to an account whose update is deferred already changes the account and defers the update no further', () => {
    const recipient = aRecipient({
      pendingUpdateSince: NOW,
      announcedAt: NOW,
      interestRate: 5,
      lastInterestRateChangeTs: 1n,
    });
    const { account } = credit(
      { key: KEY, account: recipient, terms: NO_TERMS },
      [aCommittedTransfer({ payment: aPayment({ committedAt: LATER }) })],
      at(LATER),
    );
    expect(account).toMatchObject({ principal: 100n, pendingUpdateSince: NOW, interestRate: 5 });
  });

  it('leaves to the sweeps what the currency says anew, also when an update is deferred', () => {
    const recipient = aRecipient({ pendingUpdateSince: NOW, lastCapitalizationTs: 1n });
    const terms = { rate: 5, debtorInfo: { iri: 'https://example.com/', contentType: '', sha256: '' } };
    const { account } = credit({ key: KEY, account: recipient, terms }, [aCommittedTransfer()], at(LATER));
    const { debtorInfo, interestRate } = recipient;
    expect(account).toMatchObject({ debtorInfo, interestRate, lastCapitalizationTs: 1n });
  });

  it('of two transfers goes in the order of their commits, whatever their IDs, and however they come', () => {
    const [first, second] = [committed(9n, 10n, NOW), committed(1n, 1n, NOW + 1n)];
    for (const transfers of [
      [first, second],
      [second, first],
    ]) {
      const { records } = credit({ key: KEY, account: aRecipient(), terms: NO_TERMS }, transfers, at(LATER));
      expect(records.map(({ transferId }) => transferId)).toStrictEqual([9n, 1n]);
    }
  });

  it('of several transfers goes in the order of their commits, each with the principal right after it', () => {
    const transfers = [
      committed(1n, 1000n, 1_800_000_000_000_002n),
      committed(9n, 100n, 1_800_000_000_000_001n),
      committed(2n, 10n, 1_800_000_000_000_001n),
      committed(3n, 1n, 1_800_000_000_000_000n),
    ];
    const { account, records } = credit(
      { key: KEY, account: aRecipient(), terms: NO_TERMS },
      transfers,
      at(LATER),
    );
    expect(records.map((record) => [record.transferId, record.credit?.recipientEntry])).toStrictEqual([
      [3n, { creationDate: '2026-09-21', transferNumber: 1n, principal: 1n }],
      [2n, { creationDate: '2026-09-21', transferNumber: 2n, principal: 11n }],
      [9n, { creationDate: '2026-09-21', transferNumber: 3n, principal: 111n }],
      [1n, { creationDate: '2026-09-21', transferNumber: 4n, principal: 1111n }],
    ]);
    expect(account).toStrictEqual(
      aRecipient({
        principal: 1111n,
        lastTransferNumber: 4n,
        lastTransferCommittedAt: 1_800_000_000_000_002n,
        lastChangeTs: LATER,
        // Several transfers in one write are one change.
        lastChangeSeqnum: 1,
        announcedAt: LATER,
      }),
    );
  });

  it('reaches accounts that are scheduled for deletion', () => {
    const { account } = credit(
      { key: KEY, account: aRecipient({ configFlags: 1 }), terms: NO_TERMS },
      [committed(1n, 5n)],
      at(LATER),
    );
    expect(account.principal).toBe(5n);
  });

  it('brings interest up to now before it adds the amount', () => {
    const recipient = aRecipient({
      principal: 1000n,
      interestRate: 100,
      lastInterestRateChangeTs: 1n,
      lastChangeTs: 1_768_442_400_000_000n,
    });
    const { account } = credit(
      { key: KEY, account: recipient, terms: NO_TERMS },
      [committed(1n, 50n)],
      at(NOW),
    );
    // 1000 doubles in 365.25 days; the 50 of this instant do not.
    expect(account).toMatchObject({ principal: 1050n, interest: 1000, lastChangeTs: NOW });
  });

  it('leaves an update that is due already as it is', () => {
    const recipient = aRecipient({
      announcedAt: 1_799_999_998_000_000n,
      pendingUpdateSince: 1_799_999_999_000_000n,
    });
    const { account } = credit(
      { key: KEY, account: recipient, terms: NO_TERMS },
      [committed(1n, 50n)],
      at(NOW),
    );
    expect(account.pendingUpdateSince).toBe(1_799_999_999_000_000n);
  });
});

describe('a credit to a root account', () => {
  it('has no transfer number, and earns nothing', () => {
    const key = { debtorId: 1n, creditorId: 0n };
    const root = aRootAccount({ principal: -1000n });
    const transfer = aCommittedTransfer({ recipientId: 0n });
    expect(credit({ key, account: root, terms: NO_TERMS }, [transfer], at(LATER))).toStrictEqual({
      account: aRootAccount({
        principal: -900n,
        lastChangeTs: LATER,
        lastChangeSeqnum: 1,
        announcedAt: LATER,
      }),
      records: [
        {
          ...transfer,
          status: 'credited',
          credit: { creditedAt: LATER, recipientEntry: undefined },
          expiresAt: 1_803_196_860_000_000n,
        },
      ],
    });
  });
});

describe('a negligible credit', () => {
  const recipient = aRecipient({
    negligibleAmount: 100.5,
    lastTransferNumber: 3n,
    lastTransferCommittedAt: 5n,
  });

  it('adds to the principal without a transfer number', () => {
    const { account, records } = credit(
      { key: KEY, account: recipient, terms: NO_TERMS },
      [committed(1n, 100n)],
      at(LATER),
    );
    expect(account).toMatchObject({
      principal: 100n,
      lastTransferNumber: 3n,
      lastTransferCommittedAt: 5n,
      announcedAt: LATER,
    });
    expect(records[0]?.credit).toStrictEqual({ creditedAt: LATER, recipientEntry: undefined });
  });

  it('is one of at most the negligible amount, in any type but agent', () => {
    const entryOf = (amount: bigint, type = 'direct') =>
      credit({ key: KEY, account: recipient, terms: NO_TERMS }, [committed(1n, amount, NOW, type)], at(LATER))
        .records[0]?.credit?.recipientEntry?.transferNumber;
    expect(entryOf(1n)).toBeUndefined();
    expect(entryOf(100n)).toBeUndefined();
    expect(entryOf(100n, 'issuing')).toBeUndefined();
    expect(entryOf(100n, 'delete')).toBeUndefined();
    expect(entryOf(101n)).toBe(4n);
    expect(entryOf(1n, 'agent')).toBe(4n);
  });

  it('leaves no gap between the numbers of the others', () => {
    const transfers = [committed(1n, 200n), committed(2n, 100n), committed(3n, 300n)];
    const { account, records } = credit(
      { key: KEY, account: recipient, terms: NO_TERMS },
      transfers,
      at(LATER),
    );
    expect(records.map((record) => record.credit?.recipientEntry)).toStrictEqual([
      { creationDate: '2026-09-21', transferNumber: 4n, principal: 200n },
      undefined,
      { creationDate: '2026-09-21', transferNumber: 5n, principal: 600n },
    ]);
    expect(account.lastTransferNumber).toBe(5n);
  });

  it('of 1e300 includes every amount there is', () => {
    const generous = aRecipient({ negligibleAmount: 1e300 });
    const { records } = credit(
      { key: KEY, account: generous, terms: NO_TERMS },
      [committed(1n, 9_223_372_036_854_775_807n)],
      at(LATER),
    );
    expect(records[0]?.credit?.recipientEntry).toBeUndefined();
  });

  it('is exact where doubles are coarse: 2^53 + 1 is more than 2^53', () => {
    const rich = aRecipient({ negligibleAmount: 9_007_199_254_740_992 });
    const entryOf = (amount: bigint) =>
      credit({ key: KEY, account: rich, terms: NO_TERMS }, [committed(1n, amount)], at(LATER)).records[0]
        ?.credit?.recipientEntry;
    expect(entryOf(9_007_199_254_740_992n)).toBeUndefined();
    expect(entryOf(9_007_199_254_740_993n)).toMatchObject({ transferNumber: 1n });
  });
});

describe('a credit to an account that does not exist', () => {
  it('creates it on the terms of its currency, and announces it at once', () => {
    const terms = { rate: 5, debtorInfo: { iri: 'https://example.com/', contentType: '', sha256: '' } };
    const { account, records } = credit(
      { key: KEY, account: undefined, terms },
      [aCommittedTransfer()],
      at(LATER),
    );
    expect(account).toStrictEqual({
      debtorId: 1n,
      creditorId: 1_099_511_627_778n,
      version: 1_800_000_060_000_000n,
      creationDate: '2027-01-15',
      deletedAt: undefined,
      principal: 100n,
      clippedAmount: 0n,
      interest: 0,
      interestRate: 5,
      previousInterestRate: 0,
      lastInterestRateChangeTs: 1_800_000_060_000_000n,
      totalLockedAmount: 0n,
      pendingTransfersCount: 0,
      lastChangeTs: 1_800_000_060_000_000n,
      lastChangeSeqnum: 0,
      lastConfigTs: 0n,
      lastConfigSeqnum: 0,
      negligibleAmount: 0,
      configFlags: 0,
      configData: '',
      debtorInfo: { iri: 'https://example.com/', contentType: '', sha256: '' },
      commitPeriod: 7_776_000,
      lastTransferNumber: 1n,
      lastTransferCommittedAt: 1_800_000_000_000_000n,
      lastCapitalizationTs: 1_800_000_060_000_000n,
      lastDeletionAttemptTs: 0n,
      pendingUpdateSince: undefined,
      announcedAt: 1_800_000_060_000_000n,
    });
    expect(records[0]?.credit?.recipientEntry).toStrictEqual({
      creationDate: '2027-01-15',
      transferNumber: 1n,
      principal: 100n,
    });
  });
});

describe('a credit to an account that was deleted', () => {
  it('brings it back with its rates, its creation date and its transfer numbers, and announces it at once', () => {
    const deleted = aDeletedAccount({
      announcedAt: NOW,
      creditorId: RECIPIENT_ID,
      lastTransferNumber: 17n,
      lastChangeSeqnum: 41,
      interestRate: 3,
      lastInterestRateChangeTs: 1_795_000_000_000_000n,
      pendingUpdateSince: 1_798_000_000_000_000n,
    });
    const terms = { rate: -5, debtorInfo: { iri: 'https://example.com/', contentType: '', sha256: '' } };
    const { account, records } = credit(
      { key: KEY, account: deleted, terms },
      [aCommittedTransfer()],
      at(LATER),
    );
    expect(account).toStrictEqual({
      ...deleted,
      deletedAt: undefined,
      principal: 100n,
      // A minute late at 3 %.
      interest: 0.000005619971684565852,
      debtorInfo: { iri: 'https://example.com/', contentType: '', sha256: '' },
      lastTransferNumber: 18n,
      lastTransferCommittedAt: NOW,
      lastChangeTs: LATER,
      lastChangeSeqnum: 42,
      lastCapitalizationTs: LATER,
      pendingUpdateSince: undefined,
      announcedAt: LATER,
    });
    expect(records[0]?.credit?.recipientEntry).toStrictEqual({
      creationDate: '2026-09-21',
      transferNumber: 18n,
      principal: 100n,
    });
  });
});
