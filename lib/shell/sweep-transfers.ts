/** The sweep over all transfers: reminds of prepared ones, and credits those that should long have been credited. */

import type { Settings } from '../rules/settings.ts';
import type { Transfer, TransferRecord } from '../rules/transfer.ts';
import { transferChore } from '../rules/transfer-chores.ts';
import { CommitConflictError } from '../storage/errors.ts';
import { printRecordKey } from '../storage/ledger-store.ts';
import type { TableScan } from '../storage/table-scan.ts';
import { mapConcurrently } from './concurrency.ts';
import { type CreditTools, creditRecipients } from './credit-recipients.ts';
import { withRetries } from './retry.ts';
import type { SweepWork } from './sweep.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface SweepTransfersTools extends CreditTools {
  readonly scan: TableScan;
  readonly settings: Settings;
}

const TRANSFERS_AT_ONCE = 16;

export function sweepTransfers(tools: SweepTransfersTools): SweepWork<TransferRecord> {
  const { scan, settings, surroundings, telemetry } = tools;
  return {
    name: 'transfers',
    countItems: () => scan.countItems('transfers'),
    readPage: (segment, from) => measured(telemetry, 'Load', () => scan.openTransfers(segment, from)),
    handlePage: async (records) => {
      const now = surroundings.now();
      const due = records
        .filter((record) => record.kind === 'transfer')
        .map((transfer) => ({ transfer, chore: transferChore(transfer, now, settings) }))
        .filter(({ chore }) => chore.kind !== 'none');
      const overdue = due.flatMap(({ chore }) => (chore.kind === 'credit' ? [chore.transfer] : []));
      telemetry.count('Sweep.transfers.credit', overdue.length);
      await creditRecipients(overdue, tools);
      await mapConcurrently(due, TRANSFERS_AT_ONCE, async ({ transfer, chore }) => {
        if (chore.kind === 'remind') {
          await tryRemind(transfer, chore.transfer, tools);
        }
      });
      return due.length;
    },
  };
}

async function tryRemind(before: Transfer, after: Transfer, tools: SweepTransfersTools): Promise<void> {
  const { store, surroundings, telemetry } = tools;
  const change = { key: before.sender, before: undefined, after: undefined, records: [{ before, after }] };
  try {
    await withRetries(() => commitReminder(() => store.commit(change), telemetry), surroundings, telemetry);
  } catch (error) {
    telemetry.count('Sweep.transfers.failed');
    telemetry.warn('A reminder of a prepared transfer has failed.', {
      transfer: printRecordKey(before),
      error,
    });
  }
}

/** After a lost race there is nothing to remind of any more, or somebody else just has. */
async function commitReminder(commit: () => Promise<unknown>, telemetry: Telemetry): Promise<void> {
  try {
    await measured(telemetry, 'Commit', commit);
    telemetry.count('Commits');
    telemetry.count('Sweep.transfers.remind');
  } catch (error) {
    if (!(error instanceof CommitConflictError)) {
      throw error;
    }
    telemetry.count('Conflicts');
  }
}
