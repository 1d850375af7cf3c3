/**
 * One batch of a stream's records on its way through a function: what can't be read is kept elsewhere, so that it costs no
 * retries and holds up nothing; what failed for a passing reason comes again.
 */

import { type StreamRecord, sequenceNumberOf } from '../storage/stream-record.ts';
import type { RecordKeeper } from './kept-records.ts';

/** What became of the records that are not done with. All others are. */
export interface BatchOutcome {
  /** Sequence numbers of the records that may be handled another time. */
  readonly failed: ReadonlySet<string>;
  /** Those that this code can never handle, however often they come. */
  readonly unreadable: readonly UnreadableRecord[];
}

export interface UnreadableRecord {
  readonly sequenceNumber: string;
  readonly reason: string;
}

/** @returns the sequence number from which on the stream has to come again; `undefined` when all records are done with */
export async function handleBatch(
  records: readonly StreamRecord[],
  work: (records: readonly StreamRecord[]) => Promise<BatchOutcome>,
  keeper: RecordKeeper,
): Promise<string | undefined> {
  const { failed, unreadable } = await work(records);
  const reasons = new Map(unreadable.map(({ sequenceNumber, reason }) => [sequenceNumber, reason]));
  // From the first failure on all records come again, and would be kept once more each time.
  const poison = recordsBefore(earliestOf(records, failed), records).flatMap((record) => {
    const reason = reasons.get(sequenceNumberOf(record));
    return reason === undefined ? [] : [{ record, reason }];
  });
  const notKept = poison.length === 0 ? [] : await keeper.keep(poison);
  return earliestOf(records, new Set([...failed, ...notKept]));
}

/** Lambda starts again at the earliest record that is reported, so naming that one says it all. */
function earliestOf(records: readonly StreamRecord[], failures: ReadonlySet<string>): string | undefined {
  return records.map(sequenceNumberOf).find((sequenceNumber) => failures.has(sequenceNumber));
}

function recordsBefore(
  sequenceNumber: string | undefined,
  records: readonly StreamRecord[],
): readonly StreamRecord[] {
  return sequenceNumber === undefined
    ? records
    : records.slice(
        0,
        records.findIndex((record) => sequenceNumberOf(record) === sequenceNumber),
      );
}

/** Why a record can't be read, for people. What goes wrong in reading depends on the record alone, whatever is thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
