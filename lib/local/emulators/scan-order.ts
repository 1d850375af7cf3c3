/**
 * Lets dynoxide read a large table page by page: without an index in the order of its scans it sorts the whole table for each
 * page. Other emulators need none of this.
 */

import { DatabaseSync } from 'node:sqlite';

/** How long to wait for dynoxide to finish a write. */
const LOCK_TIMEOUT_MS = 5_000;

/** @param databaseFile dynoxide's file, in which it has created the tables */
export function indexScanOrder(databaseFile: string, tableNames: readonly string[]): void {
  const database = new DatabaseSync(databaseFile, { timeout: LOCK_TIMEOUT_MS });
  try {
    for (const name of tableNames) {
      database.exec(`CREATE INDEX IF NOT EXISTS "scan_order_${name}" ON "${name}" (hash_prefix, pk, sk)`);
    }
  } finally {
    database.close();
  }
}
