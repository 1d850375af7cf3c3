/** Waits in tests for something to happen, with a limit; when it never happens, the last failure becomes the test's own. */

import { vi } from 'vitest';

const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 10;

/** Repeats the check until it no longer throws. Give the test a longer timeout than this one. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: TIMEOUT_MS, interval: INTERVAL_MS });
}
