/** Telling SQLite's errors apart. */

const SQLITE_BUSY = 5;

/** Whether somebody else holds the lock that was needed. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
