/** project: the messages about transfers and rejected configurations, field by field. Accounts have their own file. */

import { describe, expect, it } from 'vitest';
import {
  messagesShownByAccount,
  messagesShownByRecord,
  projectAccount,
  projectRecord,
} from '../../lib/rules/projection.ts';
import {
  aCommittedTransfer,
  aConfigRejection,
  aConfigureAccount,
  aCredit,
  aCreditedTransfer,
  aDismissedTransfer,
  aFinalization,
  anAccount,
  aPayment,
  aPreparation,
  aRejectedTransfer,
  aTombstone,
  aTransfer,
  DEFAULT_SETTINGS,
  NOW,
} from '../support/builders.ts';

const REQUEST = { coordinatorType: 'agent', coordinatorId: 1_099_511_627_999n, coordinatorRequestId: -7n };

describe('what is projected of a transfer', () => {
  it('that is born rejected: RejectedTransfer', () => {
    const transfer = aRejectedTransfer({
      request: REQUEST,
      rejection: {
        statusCode: 'TOO_MANY_TRANSFERS',
        totalLockedAmount: 12n,
        rejectedAt: 1_800_000_000_000_001n,
      },
    });
    expect(projectRecord(undefined, transfer)).toStrictEqual([
      {
        type: 'RejectedTransfer',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        coordinatorType: 'agent',
        coordinatorId: 1_099_511_627_999n,
        coordinatorRequestId: -7n,
        statusCode: 'TOO_MANY_TRANSFERS',
        totalLockedAmount: 12n,
        ts: 1_800_000_000_000_001n,
      },
    ]);
  });

  it('that is prepared: PreparedTransfer, with the recipient as an unsigned number', () => {
    const preparation = {
      lockedAmount: 55n,
      preparedAt: 1_800_000_000_000_001n,
      deadline: 1_800_000_000_000_002n,
      finalInterestRateTs: 1_800_000_000_000_003n,
      announcedAt: 1_800_000_000_000_004n,
    };
    const transfer = aTransfer({ transferId: 77n, request: REQUEST, recipientId: -1n, preparation });
    expect(projectRecord(undefined, transfer)).toStrictEqual([
      {
        type: 'PreparedTransfer',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        coordinatorType: 'agent',
        coordinatorId: 1_099_511_627_999n,
        coordinatorRequestId: -7n,
        transferId: 77n,
        lockedAmount: 55n,
        recipient: '18446744073709551615',
        preparedAt: 1_800_000_000_000_001n,
        demurrageRate: -50,
        deadline: 1_800_000_000_000_002n,
        finalInterestRateTs: 1_800_000_000_000_003n,
        ts: 1_800_000_000_000_004n,
      },
    ]);
  });

  it('that is dismissed: FinalizedTransfer', () => {
    const finalization = {
      statusCode: 'TIMEOUT' as const,
      committedAmount: 0n,
      totalLockedAmount: 12n,
      finalizedAt: 1_800_000_000_000_005n,
    };
    const preparation = aPreparation({ preparedAt: 1_800_000_000_000_001n });
    const before = aTransfer({ transferId: 77n, request: REQUEST, preparation });
    const after = aDismissedTransfer({
      transferId: 77n,
      request: REQUEST,
      preparation,
      finalization,
      expiresAt: 1_803_196_800_000_000n,
    });
    expect(projectRecord(before, after)).toStrictEqual([
      {
        type: 'FinalizedTransfer',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        coordinatorType: 'agent',
        coordinatorId: 1_099_511_627_999n,
        coordinatorRequestId: -7n,
        transferId: 77n,
        committedAmount: 0n,
        statusCode: 'TIMEOUT',
        totalLockedAmount: 12n,
        preparedAt: 1_800_000_000_000_001n,
        ts: 1_800_000_000_000_005n,
      },
    ]);
  });

  it('that is committed: FinalizedTransfer, and AccountTransfer to the sender', () => {
    const before = aTransfer({ request: REQUEST, recipientId: -1n });
    const after = aCommittedTransfer({
      request: REQUEST,
      recipientId: -1n,
      finalization: aFinalization({ committedAmount: 40n, finalizedAt: 1_800_000_000_000_005n }),
      payment: {
        amount: 40n,
        committedAt: 1_800_000_000_000_005n,
        note: 'thanks',
        noteFormat: 'x',
        senderEntry: { creationDate: '2026-09-21', transferNumber: 9n, principal: -40n },
      },
    });
    expect(projectRecord(before, after)).toStrictEqual([
      {
        type: 'FinalizedTransfer',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        coordinatorType: 'agent',
        coordinatorId: 1_099_511_627_999n,
        coordinatorRequestId: -7n,
        transferId: 5n,
        committedAmount: 40n,
        statusCode: 'OK',
        totalLockedAmount: 0n,
        preparedAt: 1_800_000_000_000_000n,
        ts: 1_800_000_000_000_005n,
      },
      {
        type: 'AccountTransfer',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        creationDate: '2026-09-21',
        transferNumber: 9n,
        coordinatorType: 'agent',
        sender: '1099511627777',
        recipient: '18446744073709551615',
        acquiredAmount: -40n,
        transferNote: 'thanks',
        transferNoteFormat: 'x',
        committedAt: 1_800_000_000_000_005n,
        principal: -40n,
        previousTransferNumber: 8n,
        ts: 1_800_000_000_000_005n,
      },
    ]);
  });

  it('that is credited: AccountTransfer to the recipient', () => {
    const payment = aPayment({
      amount: 40n,
      committedAt: 1_800_000_000_000_005n,
      note: 'n',
      noteFormat: 'f',
    });
    const credit = {
      creditedAt: 1_800_000_000_000_009n,
      recipientEntry: { creationDate: '2026-10-01', transferNumber: 1n, principal: 140n },
    };
    const before = aCommittedTransfer({ recipientId: -1n, payment });
    const after = aCreditedTransfer({ recipientId: -1n, payment, credit });
    expect(projectRecord(before, after)).toStrictEqual([
      {
        type: 'AccountTransfer',
        debtorId: 1n,
        creditorId: -1n,
        creationDate: '2026-10-01',
        transferNumber: 1n,
        coordinatorType: 'direct',
        sender: '1099511627777',
        recipient: '18446744073709551615',
        acquiredAmount: 40n,
        transferNote: 'n',
        transferNoteFormat: 'f',
        committedAt: 1_800_000_000_000_005n,
        principal: 140n,
        previousTransferNumber: 0n,
        ts: 1_800_000_000_000_009n,
      },
    ]);
  });

  it('that has no place in a ledger: no AccountTransfer', () => {
    const payment = aPayment({ senderEntry: undefined });
    const committed = aCommittedTransfer({ payment });
    expect(typesOf(projectRecord(aTransfer(), committed))).toStrictEqual(['FinalizedTransfer']);
    const credited = aCreditedTransfer({ payment, credit: aCredit({ recipientEntry: undefined }) });
    expect(projectRecord(committed, credited)).toStrictEqual([]);
  });
});

describe('interest that the root account pays', () => {
  it('is told to the account that the item belongs to, as acquired from the root account', () => {
    const payment = aPayment({ amount: -12n });
    const { preparation: _, ...transfer } = aTransfer();
    const request = { coordinatorType: 'interest', coordinatorId: 1n, coordinatorRequestId: 0n };
    const paid = { ...transfer, request, recipientId: 0n, status: 'committed' as const, payment };
    expect(projectRecord(undefined, paid)).toStrictEqual([
      {
        type: 'AccountTransfer',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        creationDate: '2026-09-21',
        transferNumber: 1n,
        coordinatorType: 'interest',
        sender: '0',
        recipient: '1099511627777',
        acquiredAmount: 12n,
        transferNote: '',
        transferNoteFormat: '',
        committedAt: 1_800_000_000_000_000n,
        principal: 900n,
        previousTransferNumber: 0n,
        ts: 1_800_000_000_000_000n,
      },
    ]);
  });
});

describe('several steps of a transfer in one write', () => {
  it('are all announced: prepared and committed', () => {
    expect(typesOf(projectRecord(undefined, aCommittedTransfer()))).toStrictEqual([
      'PreparedTransfer',
      'FinalizedTransfer',
      'AccountTransfer of 1099511627777',
    ]);
  });

  it('are all announced: prepared and dismissed', () => {
    const dismissed = aDismissedTransfer();
    expect(typesOf(projectRecord(undefined, dismissed))).toStrictEqual([
      'PreparedTransfer',
      'FinalizedTransfer',
    ]);
  });

  it('are all announced: committed and credited', () => {
    expect(typesOf(projectRecord(aTransfer(), aCreditedTransfer()))).toStrictEqual([
      'FinalizedTransfer',
      'AccountTransfer of 1099511627777',
      'AccountTransfer of 1099511627778',
    ]);
  });

  it('are all announced from the first to the last', () => {
    expect(typesOf(projectRecord(undefined, aCreditedTransfer()))).toStrictEqual([
      'PreparedTransfer',
      'FinalizedTransfer',
      'AccountTransfer of 1099511627777',
      'AccountTransfer of 1099511627778',
    ]);
  });
});

describe('a prepared transfer that is announced again', () => {
  const again = aTransfer({ preparation: aPreparation({ announcedAt: 1_800_604_800_000_000n }) });

  it('is the same PreparedTransfer with a new ts', () => {
    const [first] = projectRecord(undefined, aTransfer());
    expect(projectRecord(aTransfer(), again)).toStrictEqual([{ ...first, ts: 1_800_604_800_000_000n }]);
  });

  it('is not announced a third time when it is written again without a change', () => {
    expect(projectRecord(again, { ...again })).toStrictEqual([]);
  });

  it('is not announced when it was finalized in the same write', () => {
    const dismissed = aDismissedTransfer({ preparation: again.preparation });
    expect(typesOf(projectRecord(aTransfer(), dismissed))).toStrictEqual(['FinalizedTransfer']);
  });
});

describe('a write that is no news', () => {
  it.each([
    ['prepared', aTransfer()],
    ['rejected', aRejectedTransfer()],
    ['dismissed', aDismissedTransfer()],
    ['committed', aCommittedTransfer()],
    ['credited', aCreditedTransfer()],
    ['a rejected configuration', aConfigRejection()],
    ['a tombstone', aTombstone()],
  ])('is one that leaves the item as it was: %s', (_status, record) => {
    expect(projectRecord(record, record)).toStrictEqual([]);
  });

  it.each([
    ['rejected', aRejectedTransfer()],
    ['dismissed', aDismissedTransfer()],
    ['credited', aCreditedTransfer()],
    ['a rejected configuration', aConfigRejection()],
    ['a tombstone', aTombstone()],
    ['nothing', undefined],
  ])('is one that forgets the item when its time has passed: %s', (_status, record) => {
    expect(projectRecord(record, undefined)).toStrictEqual([]);
  });
});

describe('what is projected of a rejected configuration', () => {
  it('is RejectedConfig, with the configuration as it came', () => {
    const config = aConfigureAccount({
      negligibleAmount: 1e300,
      configFlags: -2,
      configData: 'not acceptable',
      ts: 1_799_999_999_999_999n,
      seqnum: -9,
    });
    expect(projectRecord(undefined, aConfigRejection({ config }))).toStrictEqual([
      {
        type: 'RejectedConfig',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        configTs: 1_799_999_999_999_999n,
        configSeqnum: -9,
        configFlags: -2,
        negligibleAmount: 1e300,
        configData: 'not acceptable',
        rejectionCode: 'INVALID_CONFIGURATION',
        ts: 1_800_000_000_000_000n,
      },
    ]);
  });
});

describe('what a tombstone shows', () => {
  it('is the AccountPurge of its account, which the removal itself has made due', () => {
    expect(projectRecord(undefined, aTombstone())).toStrictEqual([]);
    expect(messagesShownByRecord(aTombstone())).toStrictEqual([
      {
        type: 'AccountPurge',
        debtorId: 1n,
        creditorId: 1_099_511_627_777n,
        creationDate: '2026-01-01',
        ts: 1_800_000_000_000_000n,
      },
    ]);
  });
});

describe('what any other item shows', () => {
  it('is all that its changes have made due', () => {
    for (const record of [aCreditedTransfer(), aDismissedTransfer(), aConfigRejection()]) {
      expect(messagesShownByRecord(record)).toStrictEqual(projectRecord(undefined, record));
    }
    const account = anAccount({ announcedAt: NOW });
    const announced = projectAccount({ before: undefined, after: account }, NOW, DEFAULT_SETTINGS);
    expect(messagesShownByAccount(account, DEFAULT_SETTINGS)).toStrictEqual(announced);
    expect(messagesShownByAccount(anAccount({ announcedAt: 0n }), DEFAULT_SETTINGS)).toStrictEqual([]);
  });
});

function typesOf(messages: ReturnType<typeof projectRecord>): string[] {
  return messages.map((message) =>
    message.type === 'AccountTransfer' ? `AccountTransfer of ${message.creditorId}` : message.type,
  );
}
