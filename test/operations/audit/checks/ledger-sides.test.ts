import { describe, expect, it } from 'vitest';
import { mentionsOf } from '../../../../lib/operations/audit/checks/ledger-sides.ts';
import {
  aCommittedTransfer,
  aCreditedTransfer,
  aDismissedTransfer,
  aRejectedTransfer,
  aTransfer,
  CREDITOR_ID,
  NOW,
  RECIPIENT_ID,
} from '../../../support/builders.ts';

describe('A transfer proves of accounts that they existed:', () => {
  const AGENT = { coordinatorType: 'agent', coordinatorId: 0n, coordinatorRequestId: 7n };

  it.each([
    ['prepared, of its sender and its recipient', aTransfer(), [CREDITOR_ID, RECIPIENT_ID]],
    ['dismissed, of the same', aDismissedTransfer(), [CREDITOR_ID, RECIPIENT_ID]],
    ['committed, of its recipient; of its sender a side does', aCommittedTransfer(), [RECIPIENT_ID]],
    ['credited, of neither; sides do', aCreditedTransfer(), []],
    ['rejected, of neither', aRejectedTransfer(), []],
    ['of type agent, not of its recipient', aTransfer({ request: AGENT }), [CREDITOR_ID]],
    ['to the root account, not of its recipient', aTransfer({ recipientId: 0n }), [CREDITOR_ID]],
  ])('%s', (_, transfer, creditorIds) => {
    expect(mentionsOf(transfer)).toStrictEqual(
      creditorIds.map((creditorId) => ({
        owner: { debtorId: transfer.sender.debtorId, creditorId },
        at: NOW,
      })),
    );
  });
});
