/** What a user may decide about a running transfer, before and after it is prepared. A decision is made once. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import {
  DISMISSED,
  type RunningTransfer,
  type Settlement,
  settle,
  type TransferStep,
} from './running-transfer.ts';

/**
 * Commits the amount, or dismisses the transfer when it is 0: at once if it is prepared, else as soon as it is. A transfer that
 * is decided already, or has ended, comes back as it was.
 */
export function decideTransfer(
  transfer: RunningTransfer,
  settlement: Settlement,
  now: Timestamp,
): TransferStep {
  if (transfer.status === 'prepared') {
    return settle(transfer, settlement, now);
  }
  if (transfer.status === 'requested' && transfer.plan.kind === 'hold') {
    const isDismissal = settlement.committedAmount === 0n;
    const plan = isDismissal ? ({ kind: 'dismiss' } as const) : ({ kind: 'commit', ...settlement } as const);
    return { transfer: { ...transfer, plan }, send: [] };
  }
  return { transfer, send: [] };
}

/** What was decided about the transfer; `undefined` while it is open. */
export function decisionOf(transfer: RunningTransfer): Settlement | undefined {
  if (transfer.status === 'settled' || transfer.status === 'finalized') {
    return transfer.settlement;
  }
  const { plan } = transfer;
  switch (plan.kind) {
    case 'hold':
      return undefined;
    case 'dismiss':
      return DISMISSED;
    case 'commit': {
      const { committedAmount, transferNote, transferNoteFormat } = plan;
      return { committedAmount, transferNote, transferNoteFormat };
    }
    default:
      return plan satisfies never;
  }
}
