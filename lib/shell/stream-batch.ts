/**
 * How a function handles a batch of stream records. Records that are unreadable, or need an unreadable item, are kept elsewhere,
 * so that they cost no retries and hold up no others. Records that fail for a passing reason come again.
 */

import { type StreamRecord, sequenceNumberOf } from '../storage/stream-record.ts';
import type { RecordKeeper } from './kept-records.ts';

/** The records that are not done. All others are. */
export interface BatchOutcome {
  /** Sequence numbers of the records that may succeed another time. */
  readonly failed: ReadonlySet<string>;
  /** Those that this code can't handle until an item is repaired, or whose message a topic refuses for its content. */
  readonly unreadable: readonly UnreadableRecord[];
}

export interface UnreadableRecord {
  readonly sequenceNumber: string;
  readonly reason: string;
}

/** @returns the sequence number at which the stream has to start again; `undefined` when all records are done */
export async function handleBatch(
  records: readonly StreamRecord[],
  work: (records: readonly StreamRecord[]) => Promise<BatchOutcome>,
  keeper: RecordKeeper,
): Promise<string | undefined> {
  const { failed, unreadable } = await work(records);
  const reasons = new Map(unreadable.map(({ sequenceNumber, reason }) => [sequenceNumber, reason]));
  // All records after the first failure come again, and would be kept again each time.
  const poison = recordsBefore(earliestOf(records, failed), records).flatMap((record) => {
    const reason = reasons.get(sequenceNumberOf(record));
    return reason === undefined ? [] : [{ record, reason }];
  });
  const notKept = poison.length === 0 ? [] : await keeper.keep(poison);
  return earliestOf(records, new Set([...failed, ...notKept]));
}

/** Lambda starts again at the earliest record that is reported, so this one is enough. */
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

/** Why a record can't be read, for people. Any error in reading depends on the record alone. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
