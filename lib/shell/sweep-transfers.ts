/** The sweep over all transfers: reminds of prepared ones, and credits those that should long have been credited. */

import type { Transfer, TransferRecord } from '../rules/transfer.ts';
import { transferChore } from '../rules/transfer-chores.ts';
import { printRecordKey } from '../storage/record-keys.ts';
import type { TableScan } from '../storage/table-scan.ts';
import { decideAndCommit } from './change-account.ts';
import { mapConcurrently } from './concurrency.ts';
import { creditRecipients } from './credit-recipients.ts';
import type { Invocation } from './invocation.ts';
import type { SweepWork } from './sweep.ts';
import { measured } from './telemetry.ts';

const TRANSFERS_AT_ONCE = 16;

export function sweepTransfers(
  invocation: Invocation & { readonly scan: TableScan },
): SweepWork<TransferRecord> {
  const { scan, settings, surroundings, telemetry } = invocation;
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
      // A page that is begun is finished: only the next sweep would find its transfers again.
      await creditRecipients(overdue, { ...invocation, hasTime: () => true });
      await mapConcurrently(due, TRANSFERS_AT_ONCE, async ({ transfer, chore }) => {
        if (chore.kind === 'remind') {
          await tryRemind(transfer, chore.transfer, invocation);
        }
      });
      return due.length;
    },
  };
}

async function tryRemind(before: Transfer, after: Transfer, invocation: Invocation): Promise<void> {
  const { telemetry } = invocation;
  const change = { key: before.sender, before: undefined, after: undefined, records: [{ before, after }] };
  try {
    const { isCommitted } = await decideAndCommit(
      {
        load: async () => change,
        decide: () => ({ change }),
        // Then there is nothing left to remind of, or somebody else has just done it.
        endsWithLostRace: true,
      },
      invocation,
    );
    telemetry.count('Sweep.transfers.remind', isCommitted ? 1 : 0);
  } catch (error) {
    telemetry.count('Sweep.transfers.failed');
    const transfer = printRecordKey(before);
    telemetry.warn('A reminder of a prepared transfer has failed.', { transfer, error });
  }
}
