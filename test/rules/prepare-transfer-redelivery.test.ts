/** PrepareTransfer: a copy of a request never locks twice, and a later request that reuses its triple is a new one. */

import { describe, expect, it } from 'vitest';
import type { PrepareTransfer } from '../../lib/protocol/messages.ts';
import { prepareTransfer } from '../../lib/rules/prepare-transfer.ts';
import type { Transfer } from '../../lib/rules/transfer.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  aCreditedTransfer,
  aDismissedTransfer,
  anAccount,
  aPrepareTransfer,
  aRejectedTransfer,
  aSnapshot,
  aTransfer,
  DEFAULT_SETTINGS,
  NOW,
} from '../support/builders.ts';

/** The transfer ID of `aPrepareTransfer()`, computed with Python's hashlib. */
const TRANSFER_ID = 3_639_058_933_342_030_353n;

const account = anAccount({ principal: 1000n, totalLockedAmount: 100n, pendingTransfersCount: 1 });

function prepareAgain(known: Transfer, message: PrepareTransfer = aPrepareTransfer(), now = NOW) {
  return prepareTransfer(aSnapshot({ account, records: [known] }), message, {
    now,
    settings: DEFAULT_SETTINGS,
  });
}

describe('a copy of a PrepareTransfer', () => {
  it.each([
    ['prepared', aTransfer({ transferId: TRANSFER_ID })],
    ['dismissed', aDismissedTransfer({ transferId: TRANSFER_ID })],
    ['committed', aCommittedTransfer({ transferId: TRANSFER_ID })],
    ['credited', aCreditedTransfer({ transferId: TRANSFER_ID })],
    ['rejected', aRejectedTransfer({ transferId: TRANSFER_ID })],
  ])('changes nothing when the transfer is %s', (_status, known) => {
    expect(prepareAgain(known)).toStrictEqual({
      outcome: { kind: 'ignored', reason: 'request handled before' },
    });
  });

  it('changes nothing however late it comes', () => {
    expect(
      prepareAgain(
        aCreditedTransfer({ transferId: TRANSFER_ID }),
        aPrepareTransfer(),
        1_802_419_200_000_000n,
      ),
    ).toStrictEqual({ outcome: { kind: 'ignored', reason: 'request handled before' } });
  });

  it('changes nothing when it could be prepared now and was rejected before', () => {
    const step = prepareAgain(aRejectedTransfer({ transferId: TRANSFER_ID }));
    expect(step.account).toBeUndefined();
  });

  it('changes nothing when it would be rejected now and was prepared before', () => {
    const snapshot = aSnapshot({
      account,
      records: [aTransfer({ transferId: TRANSFER_ID })],
      reachable: [],
    });
    expect(
      prepareTransfer(snapshot, aPrepareTransfer(), { now: NOW, settings: DEFAULT_SETTINGS }),
    ).toStrictEqual({
      outcome: { kind: 'ignored', reason: 'request handled before' },
    });
  });
});

describe('a later PrepareTransfer with the same triple', () => {
  const later = aPrepareTransfer({ ts: 1_800_000_000_000_001n });

  it.each([
    ['prepared', aTransfer({ transferId: TRANSFER_ID })],
    ['dismissed', aDismissedTransfer({ transferId: TRANSFER_ID })],
    ['committed', aCommittedTransfer({ transferId: TRANSFER_ID })],
    ['credited', aCreditedTransfer({ transferId: TRANSFER_ID })],
    ['rejected', aRejectedTransfer({ transferId: TRANSFER_ID })],
  ])('is a new request when the earlier one is %s', (_status, known) => {
    const { account: after, record } = prepareAgain(known, later);
    expect(record?.transferId).toBe(6_776_234_495_787_295_875n);
    expect(record).toHaveProperty('status', 'prepared');
    expect(after).toStrictEqual(
      anAccount({ principal: 1000n, totalLockedAmount: 1000n, pendingTransfersCount: 2 }),
    );
  });
});

describe('a transfer ID that is taken', () => {
  it.each([
    ['another request ID', { request: { ...aTransfer().request, coordinatorRequestId: 8n } }],
    ['another coordinator', { request: { ...aTransfer().request, coordinatorId: 8n } }],
    ['another coordinator type', { request: { ...aTransfer().request, coordinatorType: 'swap' } }],
    ['another ts', { requestTs: 1_800_000_000_000_001n }],
  ])('by a request with %s is refused, for an operator to look at', (_case, changes) => {
    expect(prepareAgain(aTransfer({ transferId: TRANSFER_ID, ...changes }))).toStrictEqual({
      outcome: {
        kind: 'refused',
        reason: 'transfer ID 3639058933342030353 is taken by another request',
      },
    });
  });

  it('by something that is no transfer is refused as well', () => {
    const records = [aConfigRejection({ transferId: TRANSFER_ID })];
    const step = prepareTransfer(aSnapshot({ records }), aPrepareTransfer(), {
      now: NOW,
      settings: DEFAULT_SETTINGS,
    });
    expect(step.outcome.kind).toBe('refused');
  });
});
