/** FinalizeTransfer: which transfer it means, and what committing and dismissing do. Statuses have their own file. */

import { describe, expect, it } from 'vitest';
import type { FinalizeTransfer } from '../../lib/protocol/messages.ts';
import { BrokenInvariantError } from '../../lib/rules/errors.ts';
import { finalizeTransfer } from '../../lib/rules/finalize-transfer.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  aCreditedTransfer,
  aDismissedTransfer,
  aFinalizeTransfer,
  anAccount,
  aRejectedTransfer,
  aRootAccount,
  aSnapshot,
  aTransfer,
  at,
  NOW,
} from '../support/builders.ts';

const LATER = 1_800_000_060_000_000n;

/** A thousand, of which 100 are locked for transfer 5 and 30 for another one. */
const sender = anAccount({ principal: 1000n, totalLockedAmount: 130n, pendingTransfersCount: 2 });
const snapshot = aSnapshot({ account: sender, records: [aTransfer()] });

describe('FinalizeTransfer', () => {
  it('commits: releases the lock, takes the amount from the sender, and leaves the recipient for later', () => {
    const message = aFinalizeTransfer({
      committedAmount: 40n,
      transferNote: 'thanks ✓',
      transferNoteFormat: '-x.9',
    });
    expect(finalizeTransfer(snapshot, message, at(LATER))).toStrictEqual({
      account: anAccount({
        principal: 960n,
        totalLockedAmount: 30n,
        pendingTransfersCount: 1,
        lastChangeTs: 1_800_000_060_000_000n,
        lastChangeSeqnum: 1,
        lastTransferNumber: 1n,
        lastTransferCommittedAt: 1_800_000_060_000_000n,
        pendingUpdateSince: 1_800_000_060_000_000n,
      }),
      record: {
        ...aTransfer(),
        status: 'committed',
        finalization: {
          statusCode: 'OK',
          committedAmount: 40n,
          totalLockedAmount: 30n,
          finalizedAt: 1_800_000_060_000_000n,
        },
        payment: {
          amount: 40n,
          committedAt: 1_800_000_060_000_000n,
          note: 'thanks ✓',
          noteFormat: '-x.9',
          senderEntry: { creationDate: '2026-09-21', transferNumber: 1n, principal: 960n },
        },
      },
      outcome: { kind: 'applied' },
    });
  });

  it('dismisses with a committed amount of 0: releases the lock, and nothing that is announced changes', () => {
    const message = aFinalizeTransfer({ committedAmount: 0n, transferNote: 'never mind' });
    expect(finalizeTransfer(snapshot, message, at(LATER))).toStrictEqual({
      account: anAccount({ principal: 1000n, totalLockedAmount: 30n, pendingTransfersCount: 1 }),
      record: {
        ...aTransfer(),
        status: 'dismissed',
        finalization: {
          statusCode: 'OK',
          committedAmount: 0n,
          totalLockedAmount: 30n,
          finalizedAt: 1_800_000_060_000_000n,
        },
        expiresAt: 1_803_196_860_000_000n,
      },
      outcome: { kind: 'applied' },
    });
  });

  it('that fails releases the lock all the same, and commits nothing', () => {
    const message = aFinalizeTransfer({ committedAmount: 1001n });
    expect(finalizeTransfer(snapshot, message, at(LATER))).toStrictEqual({
      account: anAccount({ principal: 1000n, totalLockedAmount: 30n, pendingTransfersCount: 1 }),
      record: {
        ...aTransfer(),
        status: 'dismissed',
        finalization: {
          statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT',
          committedAmount: 0n,
          totalLockedAmount: 30n,
          finalizedAt: 1_800_000_060_000_000n,
        },
        expiresAt: 1_803_196_860_000_000n,
      },
      outcome: { kind: 'applied' },
    });
  });

  it('brings interest up to the commit before it takes the amount', () => {
    const account = anAccount({
      principal: 1_000_000n,
      interest: 10,
      interestRate: 100,
      lastChangeTs: 1_768_442_400_000_000n,
      lastTransferNumber: 41n,
      totalLockedAmount: 100n,
      pendingTransfersCount: 1,
    });
    // 365.25 days after the last change: the balance of 1000010 has doubled.
    const step = finalizeTransfer(
      aSnapshot({ account, records: [aTransfer()] }),
      aFinalizeTransfer(),
      at(NOW),
    );
    expect(step.account).toStrictEqual({
      ...account,
      principal: 999_900n,
      interest: 1_000_020,
      lastChangeTs: NOW,
      lastChangeSeqnum: 1,
      totalLockedAmount: 0n,
      pendingTransfersCount: 0,
      lastTransferNumber: 42n,
      lastTransferCommittedAt: NOW,
      pendingUpdateSince: NOW,
    });
  });

  it('gives a root account neither a transfer number nor an entry', () => {
    const root = aRootAccount({ principal: -50n, totalLockedAmount: 100n, pendingTransfersCount: 1 });
    const request = { coordinatorType: 'issuing', coordinatorId: 1n, coordinatorRequestId: 7n };
    const records = [aTransfer({ sender: { debtorId: 1n, creditorId: 0n }, request })];
    const message = aFinalizeTransfer({ creditorId: 0n, ...request });
    const step = finalizeTransfer(aSnapshot({ account: root, records }), message, at(NOW));
    expect(step.account).toStrictEqual(
      aRootAccount({
        principal: -150n,
        lastChangeTs: NOW,
        lastChangeSeqnum: 1,
        pendingUpdateSince: NOW,
      }),
    );
    expect(step.record).toHaveProperty('payment.senderEntry', undefined);
  });

  it('leaves an update that is due already as it is', () => {
    const account = { ...sender, pendingUpdateSince: 1_799_999_999_000_000n };
    const step = finalizeTransfer(
      aSnapshot({ account, records: [aTransfer()] }),
      aFinalizeTransfer(),
      at(NOW),
    );
    expect(step.account?.pendingUpdateSince).toBe(1_799_999_999_000_000n);
  });

  it('tells the commit by the clock even when the clock has gone back, and never turns back the last change', () => {
    const account = { ...sender, lastChangeTs: LATER, interest: 0.5, interestRate: 5 };
    const step = finalizeTransfer(
      aSnapshot({ account, records: [aTransfer()] }),
      aFinalizeTransfer(),
      at(NOW),
    );
    expect(step.account).toMatchObject({ lastChangeTs: LATER, lastChangeSeqnum: 1, interest: 0.5 });
    expect(step.record).toHaveProperty('payment.committedAt', NOW);
  });

  it('may be earlier than a reminder, when the clock has gone back since', () => {
    const reminded = aTransfer({ preparation: { ...aTransfer().preparation, announcedAt: LATER } });
    const snapshot = aSnapshot({ account: sender, records: [reminded] });
    const step = finalizeTransfer(snapshot, aFinalizeTransfer({ committedAmount: 0n }), at(NOW));
    expect(step.record).toHaveProperty('finalization.finalizedAt', NOW);
  });

  it('is never earlier than the preparation, even when the clock has gone back since', () => {
    const snapshot = aSnapshot({ account: sender, records: [aTransfer()] });
    for (const committedAmount of [0n, 100n]) {
      const step = finalizeTransfer(
        snapshot,
        aFinalizeTransfer({ committedAmount }),
        at(NOW - 3_600_000_000n),
      );
      expect(step.record).toMatchObject({
        preparation: { preparedAt: NOW },
        finalization: { statusCode: 'OK', committedAmount, finalizedAt: NOW },
      });
    }
  });
});

describe('FinalizeTransfer is ignored', () => {
  const IGNORED = { outcome: { kind: 'ignored', reason: 'no such prepared transfer' } };

  it.each<[string, Partial<FinalizeTransfer>]>([
    ['transfer ID', { transferId: 6n }],
    ['coordinator type', { coordinatorType: 'issuing' }],
    ['coordinator type in its case', { coordinatorType: 'Direct' }],
    ['coordinator ID', { coordinatorId: 1_099_511_627_776n }],
    ['coordinator request ID', { coordinatorRequestId: 8n }],
  ])('when only its %s differs', (_field, changes) => {
    expect(finalizeTransfer(snapshot, aFinalizeTransfer(changes), at(NOW))).toStrictEqual(IGNORED);
    const dismissal = aFinalizeTransfer({ ...changes, committedAmount: 0n });
    expect(finalizeTransfer(snapshot, dismissal, at(NOW))).toStrictEqual(IGNORED);
  });

  it.each<[string, Partial<FinalizeTransfer>]>([
    ['debtor ID', { debtorId: 2n }],
    ['creditor ID', { creditorId: 1_099_511_627_778n }],
  ])('when only its %s differs, so that it finds the transfers of another account', (_field, key) => {
    const other = aSnapshot({ account: { ...sender, ...key }, records: [] });
    expect(finalizeTransfer(other, aFinalizeTransfer(key), at(NOW))).toStrictEqual(IGNORED);
  });

  it.each([
    ['dismissed', aDismissedTransfer()],
    ['committed', aCommittedTransfer()],
    ['credited', aCreditedTransfer()],
    ['rejected', aRejectedTransfer()],
  ])('when the transfer is %s', (_status, transfer) => {
    const finished = aSnapshot({ account: sender, records: [transfer] });
    expect(finalizeTransfer(finished, aFinalizeTransfer(), at(NOW))).toStrictEqual(IGNORED);
  });

  it('when its transfer ID is that of a rejected configuration', () => {
    const records = [aConfigRejection()];
    const message = aFinalizeTransfer({ transferId: -5n });
    expect(finalizeTransfer(aSnapshot({ account: sender, records }), message, at(NOW))).toStrictEqual(
      IGNORED,
    );
  });

  it('when there is no account', () => {
    expect(finalizeTransfer(aSnapshot({ account: undefined }), aFinalizeTransfer(), at(NOW))).toStrictEqual(
      IGNORED,
    );
  });
});

describe('a prepared transfer without its account', () => {
  it('is a broken invariant', () => {
    const broken = aSnapshot({ account: undefined, records: [aTransfer()] });
    expect(() => finalizeTransfer(broken, aFinalizeTransfer(), at(NOW))).toThrow(
      new BrokenInvariantError('a prepared transfer has a living sender', {
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
      }),
    );
  });
});
