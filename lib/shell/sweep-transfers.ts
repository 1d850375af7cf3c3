/** The sweep over all transfers: reminds of prepared ones, and credits those that should long have been credited. */

import { secondsBetween, type Timestamp } from '../protocol/timestamps.ts';
import { hasStatus, type Transfer, type TransferRecord } from '../rules/transfer.ts';
import { transferChore } from '../rules/transfer-chores.ts';
import { printRecordKey } from '../storage/record-keys.ts';
import type { TableScan } from '../storage/table-scan.ts';
import { decideAndCommit } from './change-account.ts';
import { mapConcurrently } from './concurrency.ts';
import { creditRecipients } from './credit-recipients.ts';
import type { Invocation } from './invocation.ts';
import type { SweepWork } from './sweep.ts';
import { measured, type Telemetry } from './telemetry.ts';

const TRANSFERS_AT_ONCE = 16;

export function sweepTransfers(
  invocation: Invocation & { readonly scan: TableScan },
): SweepWork<TransferRecord> {
  const { scan, settings, surroundings, telemetry } = invocation;
  const oldest = new OldestUncredited(telemetry);
  return {
    name: 'transfers',
    countItems: () => scan.countItems('transfers'),
    readPage: (segment, from) => measured(telemetry, 'Load', () => scan.openTransfers(segment, from)),
    handlePage: async (records, pace) => {
      const now = surroundings.now();
      const transfers = records.filter((record) => record.kind === 'transfer');
      oldest.look(transfers, now);
      const due = transfers.map((transfer) => ({ transfer, chore: transferChore(transfer, now, settings) }));
      const overdue = due.flatMap(({ chore }) => (chore.kind === 'credit' ? [chore.transfer] : []));
      const reminders = due.flatMap(({ transfer, chore }) =>
        chore.kind === 'remind' ? [{ before: transfer, after: chore.transfer }] : [],
      );
      const paced = pace.watch(invocation);
      await pace.run(overdue, async (slice) => {
        telemetry.count('Sweep.transfers.credit', slice.length);
        await creditRecipients(slice, paced);
      });
      await pace.run(reminders, (slice) =>
        mapConcurrently(slice, TRANSFERS_AT_ONCE, ({ before, after }) => tryRemind(before, after, paced)),
      );
    },
  };
}

/** Reports the age of the oldest committed transfer of an invocation, in seconds; nothing when there is none. */
class OldestUncredited {
  readonly #telemetry: Telemetry;
  #seconds = 0;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
  }

  look(transfers: readonly Transfer[], now: Timestamp): void {
    for (const transfer of transfers) {
      const seconds = hasStatus(transfer, 'committed')
        ? secondsBetween(transfer.payment.committedAt, now)
        : 0;
      if (seconds > this.#seconds) {
        // What an invocation counts is added up, so the sum is the greatest age.
        this.#telemetry.count('Sweep.transfers.oldest-uncredited', seconds - this.#seconds);
        this.#seconds = seconds;
      }
    }
  }
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
