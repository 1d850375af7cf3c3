/** Waiting in tests for what happens by itself: bounded, and with the last failure as the test's own when it never does. */

import { vi } from 'vitest';

const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 10;

/** Repeats the check until it throws no more. Give the test a longer timeout than this one. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: TIMEOUT_MS, interval: INTERVAL_MS });
}
