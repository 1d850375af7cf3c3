/**
 * Looks after the stream records in dynoxide's SQLite file. Dynoxide finds the next sequence number and a reader's place
 * by scanning all records, and never removes any. Other emulators need none of this.
 */

import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-errors.ts';

export interface StreamRecords {
  /**
   * Removes some of the table's records before the sequence number, except the newest of those. Removes none when the
   * database is busy, since no write must wait for this. The record with this number always stays: dynoxide continues to
   * count from the last one.
   */
  readonly trim: (tableName: string, before: bigint) => void;
  readonly close: () => void;
}

/** Kept although every reader has passed them, so that a failure notice's sequence numbers can be looked up. */
const KEPT_RECORDS = 50_000;
const TRIMMED_AT_ONCE = 1_000;
/** How long to wait, at the start, for dynoxide to finish a write. */
const LOCK_TIMEOUT_MS = 5_000;

/** Opens dynoxide's file as a second connection. Dynoxide must have created its tables. */
export function openStreamRecords(databaseFile: string, keptRecords = KEPT_RECORDS): StreamRecords {
  const database = new DatabaseSync(databaseFile, { timeout: LOCK_TIMEOUT_MS });
  database.exec(`
    PRAGMA synchronous = NORMAL;
    CREATE INDEX IF NOT EXISTS local_run_positions
      ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    PRAGMA busy_timeout = 0`);
  const oldRecords = `SELECT id FROM _stream_records
    WHERE table_name = :tableName AND CAST(sequence_number AS INTEGER) < :before
    ORDER BY CAST(sequence_number AS INTEGER)`;
  const find = database.prepare(`${oldRecords} LIMIT 1`);
  const remove = database.prepare(
    `DELETE FROM _stream_records WHERE id IN (${oldRecords} LIMIT ${TRIMMED_AT_ONCE})`,
  );
  return {
    trim: (tableName, before) => {
      const range = { tableName, before: before - BigInt(keptRecords) };
      // A read takes no lock that a writer would wait for.
      if (find.get(range) === undefined) {
        return;
      }
      try {
        remove.run(range);
      } catch (error) {
        if (!isBusy(error)) {
          throw error;
        }
      }
    },
    close: () => database.close(),
  };
}
