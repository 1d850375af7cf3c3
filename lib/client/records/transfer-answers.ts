/** What the authority's three answers change in a running transfer (SMP 2.1, RT record). Each may come twice, late and in any order. */

import type { FinalizedTransfer, PreparedTransfer, RejectedTransfer } from '../../protocol/messages.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';
import {
  DISMISSED,
  dismissalOf,
  finalizationOf,
  type RunningTransfer,
  settle,
  type TransferStep,
} from './running-transfer.ts';

/** The authority's answers to requests for transfers. */
export type TransferAnswer = PreparedTransfer | RejectedTransfer | FinalizedTransfer;

/**
 * Applies an answer to the record that its coordinator's triple names, or to `undefined` where there is none. The very same
 * record comes back where nothing changed.
 */
export function receiveTransferAnswer(
  transfer: RunningTransfer | undefined,
  answer: TransferAnswer,
  now: Timestamp,
): TransferStep {
  switch (answer.type) {
    case 'PreparedTransfer':
      return receivePreparedTransfer(transfer, answer, now);
    case 'RejectedTransfer':
      return { transfer: transfer && receiveRejectedTransfer(transfer, answer, now), send: [] };
    case 'FinalizedTransfer':
      return { transfer: transfer && receiveFinalizedTransfer(transfer, answer, now), send: [] };
    default:
      return answer satisfies never;
  }
}

function receivePreparedTransfer(
  transfer: RunningTransfer | undefined,
  prepared: PreparedTransfer,
  now: Timestamp,
): TransferStep {
  const dismissal = { transfer, send: [dismissalOf(prepared, now)] };
  if (transfer === undefined || !isAnswerTo(transfer, prepared)) {
    return dismissal;
  }
  switch (transfer.status) {
    case 'requested':
      return takePreparation(transfer, prepared, now);
    case 'prepared':
      return isSameTransfer(transfer, prepared) ? { transfer, send: [] } : dismissal;
    case 'settled':
    case 'finalized':
      // The authority may not have got the decision. It gets the same one, whoever asks and however often.
      return isSameTransfer(transfer, prepared)
        ? { transfer, send: [finalizationOf(transfer, now)] }
        : dismissal;
    case 'rejected':
      return dismissal;
    default:
      return transfer satisfies never;
  }
}

function takePreparation(
  transfer: RunningTransfer<'requested'>,
  answer: PreparedTransfer,
  now: Timestamp,
): TransferStep {
  const { transferId, lockedAmount, preparedAt, deadline, demurrageRate } = answer;
  const prepared: RunningTransfer<'prepared'> = {
    ...transfer,
    status: 'prepared',
    preparation: { transferId, lockedAmount, preparedAt, deadline, demurrageRate },
    touchedAt: now,
    sentCount: 0,
  };
  switch (transfer.plan.kind) {
    case 'hold':
      return { transfer: prepared, send: [] };
    case 'commit': {
      const { committedAmount, transferNote, transferNoteFormat } = transfer.plan;
      return settle(prepared, { committedAmount, transferNote, transferNoteFormat }, now);
    }
    case 'dismiss':
      return settle(prepared, DISMISSED, now);
    default:
      return transfer.plan satisfies never;
  }
}

function receiveRejectedTransfer(
  transfer: RunningTransfer,
  answer: RejectedTransfer,
  now: Timestamp,
): RunningTransfer {
  if (transfer.status !== 'requested' || !isOfSameAccount(transfer, answer)) {
    return transfer;
  }
  const { statusCode, totalLockedAmount } = answer;
  return { ...transfer, status: 'rejected', rejection: { statusCode, totalLockedAmount }, touchedAt: now };
}

function receiveFinalizedTransfer(
  transfer: RunningTransfer,
  answer: FinalizedTransfer,
  now: Timestamp,
): RunningTransfer {
  if (
    transfer.status !== 'settled' ||
    !isOfSameAccount(transfer, answer) ||
    !isSameTransfer(transfer, answer)
  ) {
    return transfer;
  }
  const { committedAmount, statusCode, totalLockedAmount } = answer;
  return {
    ...transfer,
    status: 'finalized',
    outcome: { committedAmount, statusCode, totalLockedAmount },
    touchedAt: now,
  };
}

/** Whether the lock is the one that was asked for. Another one, of a client's former life or by mistake, must be released. */
function isAnswerTo({ request }: RunningTransfer, prepared: PreparedTransfer): boolean {
  return (
    isOfSameAccount({ request }, prepared) &&
    prepared.recipient === request.recipient &&
    prepared.finalInterestRateTs === request.finalInterestRateTs &&
    prepared.lockedAmount >= request.minLockedAmount &&
    prepared.lockedAmount <= request.maxLockedAmount
  );
}

function isOfSameAccount({ request }: Pick<RunningTransfer, 'request'>, answer: TransferAnswer): boolean {
  return answer.debtorId === request.debtorId && answer.creditorId === request.creditorId;
}

function isSameTransfer(
  { preparation }: RunningTransfer<'prepared' | 'settled' | 'finalized'>,
  { transferId }: PreparedTransfer | FinalizedTransfer,
): boolean {
  return preparation.transferId === transferId;
}
