/** What time alone changes in a running transfer: what is sent again, what is dismissed, what is forgotten (SMP 2.1, RT record). */

import { addSeconds, type Timestamp } from '../../protocol/timestamps.ts';
import {
  DISMISSED,
  finalizationOf,
  type RunningTransfer,
  settle,
  type TransferStep,
} from './running-transfer.ts';
import { patienceSeconds, type RecordSettings } from './settings.ts';

/** When the transfer is next to be looked at, in microseconds since 1970. */
export function transferDueAt(transfer: RunningTransfer, settings: RecordSettings): Timestamp {
  const { touchedAt, sentCount } = transfer;
  switch (transfer.status) {
    case 'requested':
    case 'settled':
      return addSeconds(touchedAt, patienceSeconds(sentCount, settings));
    case 'prepared':
      // It can't be committed any more then, so that all that is left is to release the lock.
      return transfer.preparation.deadline + 1n;
    case 'finalized':
    case 'rejected':
      return addSeconds(touchedAt, settings.keepSeconds);
    default:
      return transfer satisfies never;
  }
}

/** Does what is due. The very same record comes back when nothing is. */
export function runTransferChore(
  transfer: RunningTransfer,
  now: Timestamp,
  settings: RecordSettings,
): TransferStep {
  if (now < transferDueAt(transfer, settings)) {
    return { transfer, send: [] };
  }
  switch (transfer.status) {
    case 'requested':
      return { transfer: sentAgain(transfer, now), send: [transfer.request] };
    case 'prepared':
      return settle(transfer, DISMISSED, now);
    case 'settled':
      return now >= addSeconds(transfer.settledAt, settings.abandonSeconds)
        ? { transfer: undefined, send: [] }
        : { transfer: sentAgain(transfer, now), send: [finalizationOf(transfer, now)] };
    case 'finalized':
    case 'rejected':
      return { transfer: undefined, send: [] };
    default:
      return transfer satisfies never;
  }
}

function sentAgain<S extends 'requested' | 'settled'>(
  transfer: RunningTransfer<S>,
  now: Timestamp,
): RunningTransfer<S> {
  return { ...transfer, touchedAt: now, sentCount: transfer.sentCount + 1 };
}
