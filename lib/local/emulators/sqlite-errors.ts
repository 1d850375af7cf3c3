/** Tells SQLite's errors apart. */

const SQLITE_BUSY = 5;

/** Whether the statement failed because another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
