/** decide: batches of messages for one account, each of which sees the effects of those before it. */

import { describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../../lib/protocol/messages.ts';
import { decide, recordIdOf } from '../../lib/rules/decide.ts';
import type { Snapshot } from '../../lib/rules/snapshot.ts';
import {
  aConfigureAccount,
  aFinalizeTransfer,
  anAccount,
  aPreparation,
  aPrepareTransfer,
  aSnapshot,
  aTransfer,
  at,
  NOW,
} from '../support/builders.ts';

/** The transfer ID of `aPrepareTransfer()`, computed with Python's hashlib. */
const TRANSFER_ID = 3_639_058_933_342_030_353n;
const APPLIED = { kind: 'applied' };

function decideAll(snapshot: Snapshot, ...messages: IncomingMessage[]) {
  return decide(snapshot, messages, at(NOW));
}

describe('a batch', () => {
  it('of no messages changes nothing', () => {
    const snapshot = aSnapshot();
    const decision = decideAll(snapshot);
    expect(decision).toStrictEqual({ account: snapshot.account, records: [], outcomes: [] });
    expect(decision.account).toBe(snapshot.account);
  });

  it('has one outcome a message, in their order, and leaves out what did not change', () => {
    const snapshot = aSnapshot({
      account: anAccount({ totalLockedAmount: 100n, pendingTransfersCount: 1 }),
      records: [aTransfer()],
    });
    const decision = decideAll(
      snapshot,
      aFinalizeTransfer({ transferId: 6n }),
      aPrepareTransfer({ recipient: 'x' }),
      aConfigureAccount({ ts: 1_790_000_000_000_000n }),
      aConfigureAccount({ configData: 'x' }),
    );
    expect(decision.outcomes).toStrictEqual([
      { kind: 'ignored', reason: 'no such prepared transfer' },
      { kind: 'rejected', reason: 'RECIPIENT_IS_UNREACHABLE' },
      { kind: 'ignored', reason: 'stale configuration' },
      { kind: 'rejected', reason: 'INVALID_CONFIGURATION' },
    ]);
    expect(decision.account).toBe(snapshot.account);
    expect(decision.records.map(({ kind }) => kind)).toStrictEqual(['transfer', 'config-rejection']);
  });

  it('does not change the snapshot it is decided from', () => {
    const snapshot = aSnapshot({ account: anAccount({ principal: 10n }) });
    decideAll(snapshot, aPrepareTransfer());
    expect(snapshot.records.size).toBe(0);
    expect(snapshot.account).toStrictEqual(anAccount({ principal: 10n }));
  });

  it('creates an account and locks on it', () => {
    const decision = decideAll(aSnapshot({ account: undefined }), aConfigureAccount(), aPrepareTransfer());
    expect(decision.outcomes).toStrictEqual([APPLIED, APPLIED]);
    expect(decision.account).toMatchObject({ pendingTransfersCount: 1, negligibleAmount: 2 });
  });

  it('prepares and commits one transfer, as one write of its item', () => {
    const snapshot = aSnapshot({ account: anAccount({ principal: 100n }) });
    const decision = decideAll(
      snapshot,
      aPrepareTransfer(),
      aFinalizeTransfer({ transferId: TRANSFER_ID, committedAmount: 60n }),
    );
    expect(decision.outcomes).toStrictEqual([APPLIED, APPLIED]);
    expect(decision.account).toMatchObject({
      principal: 40n,
      totalLockedAmount: 0n,
      pendingTransfersCount: 0,
    });
    expect(decision.records).toMatchObject([
      {
        transferId: TRANSFER_ID,
        status: 'committed',
        preparation: { lockedAmount: 100n },
        finalization: { statusCode: 'OK', committedAmount: 60n, totalLockedAmount: 0n },
      },
    ]);
  });

  it('locks for the second request only what the first one left', () => {
    const decision = decideAll(
      aSnapshot({ account: anAccount({ principal: 100n }) }),
      aPrepareTransfer({ coordinatorRequestId: 1n, maxLockedAmount: 70n }),
      aPrepareTransfer({ coordinatorRequestId: 2n, maxLockedAmount: 70n }),
      aPrepareTransfer({ coordinatorRequestId: 3n, minLockedAmount: 1n, maxLockedAmount: 70n }),
    );
    expect(decision.records).toMatchObject([
      { preparation: { lockedAmount: 70n } },
      { preparation: { lockedAmount: 30n } },
      { rejection: { statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT', totalLockedAmount: 100n } },
    ]);
    expect(decision.account).toMatchObject({ totalLockedAmount: 100n, pendingTransfersCount: 2 });
  });

  it('takes no more than 2147483647 pending transfers, counted within it', () => {
    const decision = decideAll(
      aSnapshot({ account: anAccount({ pendingTransfersCount: 2_147_483_646 }) }),
      aPrepareTransfer({ coordinatorRequestId: 1n }),
      aPrepareTransfer({ coordinatorRequestId: 2n }),
    );
    expect(decision.outcomes).toStrictEqual([APPLIED, { kind: 'rejected', reason: 'TOO_MANY_TRANSFERS' }]);
  });

  it('locks once for two copies of a request', () => {
    const decision = decideAll(
      aSnapshot({ account: anAccount({ principal: 100n }) }),
      aPrepareTransfer({ maxLockedAmount: 30n }),
      aPrepareTransfer({ maxLockedAmount: 30n }),
    );
    expect(decision.outcomes).toStrictEqual([APPLIED, { kind: 'ignored', reason: 'request handled before' }]);
    expect(decision.account).toMatchObject({ totalLockedAmount: 30n, pendingTransfersCount: 1 });
    expect(decision.records).toHaveLength(1);
  });

  it('ignores a copy of a request that it has finalized, and of the finalization', () => {
    const commit = aFinalizeTransfer({ transferId: TRANSFER_ID, committedAmount: 60n });
    const decision = decideAll(
      aSnapshot({ account: anAccount({ principal: 100n }) }),
      aPrepareTransfer(),
      commit,
      aPrepareTransfer(),
      commit,
    );
    expect(decision.outcomes.map(({ kind }) => kind)).toStrictEqual([
      'applied',
      'applied',
      'ignored',
      'ignored',
    ]);
    expect(decision.account).toMatchObject({ principal: 40n, pendingTransfersCount: 0 });
  });

  it('commits several transfers, each from what those before it left', () => {
    const transfer = (transferId: bigint) =>
      aTransfer({
        transferId,
        request: { ...aTransfer().request, coordinatorRequestId: transferId },
        preparation: aPreparation({ lockedAmount: 0n }),
      });
    const commit = (transferId: bigint, committedAmount: bigint) =>
      aFinalizeTransfer({ transferId, coordinatorRequestId: transferId, committedAmount });
    const snapshot = aSnapshot({
      account: anAccount({ principal: 100n, pendingTransfersCount: 4, lastTransferNumber: 7n }),
      records: [transfer(1n), transfer(2n), transfer(3n), transfer(4n)],
    });
    const decision = decideAll(snapshot, commit(3n, 60n), commit(1n, 50n), commit(2n, 40n), commit(4n, 0n));
    expect(decision.account).toMatchObject({
      principal: 0n,
      pendingTransfersCount: 0,
      lastTransferNumber: 9n,
      // They are announced together, with the last of them.
      pendingUpdateSince: undefined,
      announcedAt: NOW,
    });
    const finalized = new Map(
      decision.records.map((record) => [record.transferId, record.kind === 'transfer' ? record : undefined]),
    );
    expect(finalized.get(3n)?.payment?.senderEntry).toStrictEqual({
      creationDate: '2026-09-21',
      transferNumber: 8n,
      principal: 40n,
    });
    expect(finalized.get(1n)?.finalization).toStrictEqual({
      statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT',
      committedAmount: 0n,
      totalLockedAmount: 0n,
      finalizedAt: NOW,
    });
    expect(finalized.get(2n)?.payment?.senderEntry).toStrictEqual({
      creationDate: '2026-09-21',
      transferNumber: 9n,
      principal: 0n,
    });
    expect(finalized.get(4n)?.status).toBe('dismissed');
  });

  it('tells the total locked amount after each finalization', () => {
    const transfer = (transferId: bigint, lockedAmount: bigint) =>
      aTransfer({ transferId, preparation: aPreparation({ lockedAmount }) });
    const snapshot = aSnapshot({
      account: anAccount({ principal: 1000n, totalLockedAmount: 111n, pendingTransfersCount: 3 }),
      records: [transfer(1n, 1n), transfer(2n, 10n), transfer(3n, 100n)],
    });
    const dismiss = (transferId: bigint) => aFinalizeTransfer({ transferId, committedAmount: 0n });
    const decision = decideAll(snapshot, dismiss(1n), dismiss(2n), dismiss(3n));
    expect(
      decision.records.map((record) =>
        record.kind === 'transfer' ? record.finalization?.totalLockedAmount : undefined,
      ),
    ).toStrictEqual([110n, 100n, 0n]);
    expect(decision.account).toStrictEqual(anAccount({ principal: 1000n }));
  });

  it('applies configurations in the order of the messages, and ignores those that became stale', () => {
    const decision = decideAll(
      aSnapshot({ account: undefined }),
      aConfigureAccount({ seqnum: 1, negligibleAmount: 1 }),
      aConfigureAccount({ seqnum: 3, negligibleAmount: 3 }),
      aConfigureAccount({ seqnum: 2, negligibleAmount: 2 }),
      aConfigureAccount({ seqnum: 3, negligibleAmount: 4 }),
    );
    expect(decision.outcomes.map(({ kind }) => kind)).toStrictEqual([
      'applied',
      'applied',
      'ignored',
      'ignored',
    ]);
    expect(decision.account).toMatchObject({
      lastConfigSeqnum: 3,
      negligibleAmount: 3,
      lastChangeSeqnum: 1,
      announcedAt: 1_800_000_000_000_001n,
    });
  });

  it('rejects one configuration once, and a rejected one does not make a later one stale', () => {
    const bad = aConfigureAccount({ ts: 1_800_000_000_000_009n, configData: 'x' });
    const decision = decideAll(aSnapshot(), bad, bad, aConfigureAccount());
    expect(decision.outcomes.map(({ kind }) => kind)).toStrictEqual(['rejected', 'ignored', 'applied']);
    expect(decision.records).toHaveLength(1);
    expect(decision.account).toHaveProperty('lastConfigTs', NOW);
  });
});

describe('the item that a message may touch', () => {
  it('is found by the ID that its decision will use', () => {
    expect(recordIdOf(aPrepareTransfer())).toBe(TRANSFER_ID);
    expect(recordIdOf(aFinalizeTransfer({ transferId: -9n }))).toBe(-9n);
    expect(recordIdOf(aConfigureAccount({ configData: 'not acceptable' }))).toBe(-5_078_848_473_678_676_503n);
  });

  it('is none for a configuration that is acceptable', () => {
    expect(recordIdOf(aConfigureAccount())).toBeUndefined();
    const root = aConfigureAccount({ creditorId: 0n, configData: '{"type":"RootConfigData"}' });
    expect(recordIdOf(root)).toBeUndefined();
  });
});
