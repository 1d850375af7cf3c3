/**
 * PrepareTransfer: the seven checks in their order, what is locked, and until when. Redelivery is tested in
 * `prepare-transfer-redelivery.test.ts`.
 */

import { describe, expect, it } from 'vitest';
import type { PrepareTransfer } from '../../lib/protocol/messages.ts';
import { prepareTransfer } from '../../lib/rules/prepare-transfer.ts';
import type { Snapshot, Step } from '../../lib/rules/snapshot.ts';
import {
  aDeletedAccount,
  anAccount,
  anIssuingTransfer,
  aPrepareTransfer,
  aRootAccount,
  aSnapshot,
  DEFAULT_SETTINGS,
  FOREIGN_ID,
  NOW,
  RECIPIENT_ID,
  type SnapshotParts,
} from '../support/builders.ts';

function prepare(snapshot: Snapshot, message: PrepareTransfer, now = NOW): Step {
  return prepareTransfer(snapshot, message, { now, settings: DEFAULT_SETTINGS });
}

/** The status code of the rejection, or what was locked. */
function statusOf(snapshot: Snapshot, message: PrepareTransfer): string | undefined {
  const { record } = prepare(snapshot, message);
  if (record?.kind !== 'transfer') {
    return undefined;
  }
  return record.rejection?.statusCode ?? `locked ${record.preparation?.lockedAmount}`;
}

describe('PrepareTransfer', () => {
  it('locks the amount and records the prepared transfer', () => {
    const account = anAccount({ principal: 1000n, totalLockedAmount: 20n, pendingTransfersCount: 2 });
    const message = aPrepareTransfer({
      coordinatorRequestId: 8n,
      minLockedAmount: 10n,
      maxLockedAmount: 300n,
      maxCommitDelay: 60,
      finalInterestRateTs: 1_800_000_000_000_001n,
      ts: 1_799_999_999_000_000n,
    });
    expect(prepare(aSnapshot({ account }), message)).toStrictEqual({
      account: anAccount({ principal: 1000n, totalLockedAmount: 320n, pendingTransfersCount: 3 }),
      record: {
        kind: 'transfer',
        sender: { debtorId: 1n, creditorId: 1_099_511_627_777n },
        // 63 bits of the SHA-256 of the request, computed with Python's hashlib.
        transferId: 7_846_325_209_787_357_399n,
        status: 'prepared',
        request: {
          coordinatorType: 'direct',
          coordinatorId: 1_099_511_627_777n,
          coordinatorRequestId: 8n,
        },
        requestTs: 1_799_999_999_000_000n,
        recipientId: 1_099_511_627_778n,
        preparation: {
          lockedAmount: 300n,
          preparedAt: 1_800_000_000_000_000n,
          deadline: 1_800_000_059_000_000n,
          finalInterestRateTs: 1_800_000_000_000_001n,
          announcedAt: 1_800_000_000_000_000n,
        },
        expiresAt: undefined,
      },
      outcome: { kind: 'applied' },
    });
  });

  it('records a rejection, for 30 days, and leaves the account alone', () => {
    const account = anAccount({ principal: 9n, totalLockedAmount: 5n, pendingTransfersCount: 1 });
    const message = aPrepareTransfer({ minLockedAmount: 5n, ts: 1_799_999_999_000_000n });
    expect(prepare(aSnapshot({ account }), message)).toStrictEqual({
      record: {
        kind: 'transfer',
        sender: { debtorId: 1n, creditorId: 1_099_511_627_777n },
        transferId: 3_238_804_148_179_866_083n,
        status: 'rejected',
        request: {
          coordinatorType: 'direct',
          coordinatorId: 1_099_511_627_777n,
          coordinatorRequestId: 7n,
        },
        requestTs: 1_799_999_999_000_000n,
        recipientId: 1_099_511_627_778n,
        rejection: {
          statusCode: 'INSUFFICIENT_AVAILABLE_AMOUNT',
          totalLockedAmount: 5n,
          rejectedAt: 1_800_000_000_000_000n,
        },
        expiresAt: 1_802_592_000_000_000n,
      },
      outcome: { kind: 'rejected', reason: 'INSUFFICIENT_AVAILABLE_AMOUNT' },
    });
  });

  it.each([
    ['there is none', undefined],
    ['it is deleted', aDeletedAccount({ totalLockedAmount: 3n })],
  ])('tells a total locked amount of 0 of a sender when %s', (_case, account) => {
    const { record } = prepare(aSnapshot({ account }), aPrepareTransfer());
    expect(record).toHaveProperty('rejection', {
      statusCode: 'SENDER_IS_UNREACHABLE',
      totalLockedAmount: 0n,
      rejectedAt: 1_800_000_000_000_000n,
    });
  });
});

/** Each row repairs one fault of the row above, so that the next check in the specification's order is what fails. */
describe('PrepareTransfer checks, in their order', () => {
  const brokenSender = {
    pendingTransfersCount: 2_147_483_647,
    lastInterestRateChangeTs: 1_700_000_000_000_001n,
  };
  const early = {
    finalInterestRateTs: 1_700_000_000_000_000n,
    minLockedAmount: 1n,
    coordinatorType: 'agent',
  };
  type Row = readonly [string, SnapshotParts, Partial<PrepareTransfer>];
  const direct = { ...early, coordinatorType: 'direct' };
  const rows: readonly Row[] = [
    ['RECIPIENT_IS_UNREACHABLE', { account: undefined, reachable: [] }, { ...direct, recipient: '0x1' }],
    [
      'RECIPIENT_IS_UNREACHABLE',
      { account: undefined, reachable: [] },
      { ...direct, recipient: '2199023255553' },
    ],
    // From here on type agent, which need not reach its recipient.
    [
      'SENDER_IS_UNREACHABLE',
      { account: undefined, reachable: [] },
      { ...early, recipient: '2199023255553' },
    ],
    [
      'SENDER_IS_UNREACHABLE',
      { account: aDeletedAccount(brokenSender), reachable: [] },
      { ...early, recipient: '2199023255553' },
    ],
    [
      'RECIPIENT_IS_UNREACHABLE',
      { account: anAccount(brokenSender), reachable: [] },
      { ...early, recipient: '2199023255553' },
    ],
    [
      'TOO_MANY_TRANSFERS',
      { account: anAccount(brokenSender), reachable: [] },
      { ...early, recipient: '1099511627777' },
    ],
    [
      'RECIPIENT_SAME_AS_SENDER',
      { account: anAccount({ ...brokenSender, pendingTransfersCount: 2_147_483_646 }), reachable: [] },
      { ...early, recipient: '1099511627777' },
    ],
    [
      'NEWER_INTEREST_RATE',
      { account: anAccount({ ...brokenSender, pendingTransfersCount: 2_147_483_646 }), reachable: [] },
      { ...early, recipient: '1099511627778' },
    ],
    [
      'INSUFFICIENT_AVAILABLE_AMOUNT',
      { account: anAccount({ ...brokenSender, pendingTransfersCount: 2_147_483_646 }), reachable: [] },
      { ...early, recipient: '1099511627778', finalInterestRateTs: 1_700_000_000_000_001n },
    ],
    [
      'locked 1',
      {
        account: anAccount({ ...brokenSender, pendingTransfersCount: 2_147_483_646, principal: 1n }),
        reachable: [],
      },
      { ...early, recipient: '1099511627778', finalInterestRateTs: 1_700_000_000_000_001n },
    ],
  ];

  it.each(rows.map((row, index) => [index + 1, ...row] as const))(
    'row %i: %s, once all faults before it are repaired',
    (_row, status, parts, message) => {
      expect(statusOf(aSnapshot(parts), aPrepareTransfer(message))).toBe(status);
    },
  );
});

describe('recipient of a PrepareTransfer', () => {
  const account = anAccount({ principal: 1n });

  it.each([
    ['an ordinary account', '1099511627778', RECIPIENT_ID],
    ['the root account', '0', 0n],
    ['an account whose signed ID is -1', '18446744073709551615', -1n],
    ['an account whose signed ID is the lowest', '9223372036854775808', -9_223_372_036_854_775_808n],
    ['an account whose signed ID is the highest', '9223372036854775807', 9_223_372_036_854_775_807n],
  ])('is %s: %s', (_case, recipient, recipientId) => {
    const snapshot = aSnapshot({ account, reachable: [recipientId] });
    const { record } = prepare(snapshot, aPrepareTransfer({ recipient }));
    expect(record).toHaveProperty('status', 'prepared');
    expect(record).toHaveProperty('recipientId', recipientId);
  });

  it.each([
    '',
    ' ',
    '00',
    '-0',
    '-1',
    '+1',
    '01099511627778',
    ' 1099511627778',
    '1099511627778 ',
    '1099511627778\n',
    '1099511627778.0',
    '1.099511627778e12',
    '1_099_511_627_778',
    '0x10000000002',
    '1099511627778n',
    '18446744073709551616',
    '28446744073709551615',
    '9'.repeat(100),
    'NaN',
    'null',
    '\u0000',
  ])('that reads %j is no account ID, even when every account can be reached', (recipient) => {
    const snapshot = { ...aSnapshot({ account }), isReachable: () => true };
    expect(statusOf(snapshot, aPrepareTransfer({ recipient }))).toBe('RECIPIENT_IS_UNREACHABLE');
    const agent = aPrepareTransfer({ recipient, coordinatorType: 'agent' });
    expect(statusOf(snapshot, agent)).toBe('RECIPIENT_IS_UNREACHABLE');
  });

  it.each(['direct', 'issuing', 'swap'])('must be reachable for type %s', (coordinatorType) => {
    const snapshot = aSnapshot({ account, reachable: [] });
    expect(statusOf(snapshot, aPrepareTransfer({ coordinatorType }))).toBe('RECIPIENT_IS_UNREACHABLE');
  });

  it('need not be reachable for type agent, within the agent', () => {
    const snapshot = aSnapshot({ account, reachable: [] });
    expect(statusOf(snapshot, aPrepareTransfer({ coordinatorType: 'agent' }))).toBe('locked 1');
  });

  it('must be of the same agent for type agent, even when it can be reached', () => {
    const snapshot = aSnapshot({ account, reachable: [FOREIGN_ID, 1_099_511_627_775n, 0n] });
    const to = (recipient: string) =>
      statusOf(snapshot, aPrepareTransfer({ coordinatorType: 'agent', recipient }));
    expect(to('2199023255553')).toBe('RECIPIENT_IS_UNREACHABLE');
    expect(to('0')).toBe('RECIPIENT_IS_UNREACHABLE');
    expect(to('1099511627775')).toBe('RECIPIENT_IS_UNREACHABLE');
    expect(to('1099511627776')).toBe('locked 1');
    expect(to('2199023255551')).toBe('locked 1');
    expect(to('2199023255552')).toBe('RECIPIENT_IS_UNREACHABLE');
  });

  it('may be of another agent for other types', () => {
    const snapshot = aSnapshot({ account, reachable: [FOREIGN_ID] });
    expect(statusOf(snapshot, aPrepareTransfer({ recipient: '2199023255553' }))).toBe('locked 1');
  });

  it('may be the same as the sender for no type, the root account included', () => {
    const own = { ...aSnapshot({ account }), isReachable: () => true };
    expect(statusOf(own, aPrepareTransfer({ recipient: '1099511627777' }))).toBe('RECIPIENT_SAME_AS_SENDER');
    const root = aSnapshot({ account: aRootAccount() });
    expect(statusOf(root, anIssuingTransfer({ recipient: '0' }))).toBe('RECIPIENT_SAME_AS_SENDER');
  });
});

describe('sender of a PrepareTransfer', () => {
  it('may be scheduled for deletion', () => {
    const account = anAccount({ principal: 1n, configFlags: 1 });
    expect(statusOf(aSnapshot({ account }), aPrepareTransfer())).toBe('locked 1');
  });

  it('may have 2147483646 pending transfers, and no more', () => {
    const account = anAccount({ pendingTransfersCount: 2_147_483_646 });
    const step = prepare(aSnapshot({ account }), aPrepareTransfer());
    expect(step.account).toStrictEqual(anAccount({ pendingTransfersCount: 2_147_483_647 }));
    const full = anAccount({ pendingTransfersCount: 2_147_483_647 });
    expect(statusOf(aSnapshot({ account: full }), aPrepareTransfer())).toBe('TOO_MANY_TRANSFERS');
  });

  it('may have had its rate changed at final_interest_rate_ts, and not a microsecond later', () => {
    const status = (lastInterestRateChangeTs: bigint) =>
      statusOf(
        aSnapshot({ account: anAccount({ principal: 1n, lastInterestRateChangeTs }) }),
        aPrepareTransfer({ finalInterestRateTs: 1_799_000_000_000_000n }),
      );
    expect(status(1_798_999_999_999_999n)).toBe('locked 1');
    expect(status(1_799_000_000_000_000n)).toBe('locked 1');
    expect(status(1_799_000_000_000_001n)).toBe('NEWER_INTEREST_RATE');
  });
});
