/** What answers, the user and time change in a running transfer, and that no order or repetition of answers matters. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finalizeTransfer } from '../../../lib/client/messages.ts';
import {
  DEFAULT_RECORD_SETTINGS,
  decideTransfer,
  type RunningTransfer,
  receiveTransferAnswer,
  requestTransfer,
  runTransferChore,
  type TransferAnswer,
  type TransferPlan,
  transferDueAt,
} from '../../../lib/client/records.ts';
import { NOW } from '../../support/builders.ts';
import { aFinalizedTransfer, aPreparedTransfer, aRejectedTransfer, aRequest } from '../support/answers.ts';

const LATER = NOW + 3_600_000_000n;
const PAY: TransferPlan = {
  kind: 'commit',
  committedAmount: 100n,
  transferNote: 'bread',
  transferNoteFormat: '',
};
const HOLD: TransferPlan = { kind: 'hold' };
const COMMIT = { committedAmount: 100n, transferNote: 'bread', transferNoteFormat: '' };

function requested(plan: TransferPlan): RunningTransfer {
  return following(requestTransfer(aRequest(), plan, { idempotencyKey: 'key' }).transfer);
}

/** The transfer after these answers. */
function following(transfer: RunningTransfer | undefined, ...answers: TransferAnswer[]): RunningTransfer {
  const last = answers.reduce(
    (state, answer) => receiveTransferAnswer(state, answer, LATER).transfer,
    transfer,
  );
  if (last === undefined) {
    throw new Error('the transfer is gone');
  }
  return last;
}

function aFinalization(committedAmount: bigint, transferNote: string, transferId = 5n) {
  return finalizeTransfer({
    debtorId: 1n,
    creditorId: 1_099_511_627_777n,
    transferId,
    coordinatorType: 'direct',
    coordinatorId: 1_099_511_627_777n,
    coordinatorRequestId: 7n,
    committedAmount,
    transferNote,
    ts: LATER,
  });
}

describe('a PreparedTransfer', () => {
  it('is committed at once when the transfer is a payment', () => {
    const { transfer, send } = receiveTransferAnswer(requested(PAY), aPreparedTransfer(), LATER);
    expect(transfer?.status).toBe('settled');
    expect(send).toStrictEqual([aFinalization(100n, 'bread')]);
  });

  it('is held until the user decides when the transfer is a hold', () => {
    const { transfer, send } = receiveTransferAnswer(requested(HOLD), aPreparedTransfer(), LATER);
    expect(transfer?.status).toBe('prepared');
    expect(send).toStrictEqual([]);
  });

  it.each([
    ['is unknown', undefined, {}],
    ['is of another sender', requested(PAY), { creditorId: 9n }],
    ['is of another currency', requested(PAY), { debtorId: 9n }],
    ['goes to another recipient', requested(PAY), { recipient: '9' }],
    ['locks less than was asked for', requested(PAY), { lockedAmount: 99n }],
    ['locks more than was asked for', requested(PAY), { lockedAmount: 101n }],
    ['has another bound of the interest rate', requested(PAY), { finalInterestRateTs: 9n }],
    ['is a second lock for a hold', following(requested(HOLD), aPreparedTransfer()), { transferId: 6n }],
    [
      'is a second lock for a decided transfer',
      following(requested(PAY), aPreparedTransfer()),
      { transferId: 6n },
    ],
    ['was rejected', following(requested(PAY), aRejectedTransfer()), {}],
  ])('is dismissed at once when its transfer %s', (_why, transfer, changes) => {
    const step = receiveTransferAnswer(transfer, aPreparedTransfer(changes), LATER);
    expect(step.transfer).toBe(transfer);
    expect(step.send).toMatchObject([
      { type: 'FinalizeTransfer', committedAmount: 0n, transferId: aPreparedTransfer(changes).transferId },
    ]);
  });

  it.each([
    ['decided', [aPreparedTransfer()]],
    ['finalized', [aPreparedTransfer(), aFinalizedTransfer()]],
  ])('that comes again for a %s transfer gets the same decision under a new time', (_status, answers) => {
    const transfer = following(requested(PAY), ...answers);
    const step = receiveTransferAnswer(transfer, aPreparedTransfer(), LATER);
    expect(step).toStrictEqual({ transfer, send: [aFinalization(100n, 'bread')] });
  });
});

describe('the other answers', () => {
  it.each([
    ['RejectedTransfer', requested(HOLD), aRejectedTransfer(), 'rejected'],
    [
      'RejectedTransfer for a prepared transfer',
      following(requested(HOLD), aPreparedTransfer()),
      aRejectedTransfer(),
      'prepared',
    ],
    [
      'RejectedTransfer of another account',
      requested(HOLD),
      aRejectedTransfer({ debtorId: 9n }),
      'requested',
    ],
    ['FinalizedTransfer before any decision', requested(PAY), aFinalizedTransfer(), 'requested'],
    ['FinalizedTransfer', following(requested(PAY), aPreparedTransfer()), aFinalizedTransfer(), 'finalized'],
    [
      'FinalizedTransfer of another lock',
      following(requested(PAY), aPreparedTransfer()),
      aFinalizedTransfer({ transferId: 6n }),
      'settled',
    ],
    [
      'FinalizedTransfer of another account',
      following(requested(PAY), aPreparedTransfer()),
      aFinalizedTransfer({ creditorId: 9n }),
      'settled',
    ],
  ])('%s', (_what, transfer, answer, status) => {
    const step = receiveTransferAnswer(transfer, answer, LATER);
    expect(step.transfer?.status).toBe(status);
    expect(step.send).toStrictEqual([]);
  });
});

describe('a decision', () => {
  it('about a held transfer is sent, and never changed', () => {
    const held = following(requested(HOLD), aPreparedTransfer());
    const { transfer, send } = decideTransfer(held, COMMIT, LATER);
    expect(send).toStrictEqual([aFinalization(100n, 'bread')]);
    const again = decideTransfer(following(transfer), { ...COMMIT, committedAmount: 0n }, LATER);
    expect(again).toStrictEqual({ transfer, send: [] });
  });

  it('about a transfer that is not prepared yet counts as soon as it is', () => {
    const { transfer } = decideTransfer(requested(HOLD), { ...COMMIT, committedAmount: 0n }, LATER);
    expect(receiveTransferAnswer(transfer, aPreparedTransfer(), LATER).send).toStrictEqual([
      aFinalization(0n, ''),
    ]);
  });
});

describe('time', () => {
  const SETTINGS = DEFAULT_RECORD_SETTINGS;

  it('sends the very same request again, each time more patiently', () => {
    const first = runTransferChore(requested(PAY), NOW + 60_000_000n, SETTINGS);
    expect(first.send).toStrictEqual([aRequest()]);
    expect(transferDueAt(following(first.transfer), SETTINGS)).toBe(NOW + 180_000_000n);
    expect(runTransferChore(requested(PAY), NOW + 59_000_000n, SETTINGS).send).toStrictEqual([]);
  });

  it('releases a lock that can be committed no more', () => {
    const held = following(requested(HOLD), aPreparedTransfer());
    const { transfer, send } = runTransferChore(held, NOW + 7_776_000_000_001n, SETTINGS);
    expect(transfer?.status).toBe('settled');
    expect(send).toMatchObject([{ committedAmount: 0n }]);
    expect(runTransferChore(held, NOW + 7_776_000_000_000n, SETTINGS).send).toStrictEqual([]);
  });

  it('keeps a committed transfer for a year without an answer, and asks again', () => {
    const settled = following(requested(PAY), aPreparedTransfer());
    const almost = LATER + 364n * 86_400_000_000n;
    expect(runTransferChore(settled, almost, SETTINGS)).toMatchObject({
      transfer: { status: 'settled', sentCount: 2 },
      send: [{ committedAmount: 100n }],
    });
    expect(runTransferChore(settled, LATER + 365n * 86_400_000_000n, SETTINGS).transfer).toBeUndefined();
  });

  it('forgets a finished transfer after sixty days and not before', () => {
    const finished = following(requested(PAY), aPreparedTransfer(), aFinalizedTransfer());
    const end = LATER + 60n * 86_400_000_000n;
    expect(runTransferChore(finished, end - 1n, SETTINGS).transfer).toBe(finished);
    expect(runTransferChore(finished, end, SETTINGS)).toStrictEqual({ transfer: undefined, send: [] });
  });
});

describe('any order and repetition of the answers', () => {
  it('leads a payment to the outcome that the authority told, with one decision', () => {
    const answers = fc.array(
      fc.constantFrom<TransferAnswer>(
        aPreparedTransfer(),
        aPreparedTransfer({ ts: NOW + 9_000_000n }),
        aFinalizedTransfer(),
        aFinalizedTransfer({ transferId: 6n, committedAmount: 0n }),
        aPreparedTransfer({ transferId: 6n }),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(answers, (some) => {
        let transfer: RunningTransfer | undefined = requested(PAY);
        const committed = new Set<bigint>();
        for (const answer of some) {
          const step = receiveTransferAnswer(transfer, answer, LATER);
          transfer = step.transfer;
          for (const message of step.send) {
            if (message.type === 'FinalizeTransfer' && message.committedAmount > 0n) {
              committed.add(message.transferId);
            }
          }
        }
        expect(committed.size).toBeLessThanOrEqual(1);
        if (transfer?.status === 'finalized') {
          expect(committed).toStrictEqual(new Set([transfer.preparation.transferId]));
        }
      }),
    );
  });
});
