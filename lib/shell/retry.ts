/** Retries after a lost race or while a table is unavailable, within bounds. */

import { CommitConflictError, StoreUnavailableError } from '../storage/errors.ts';
import type { Surroundings } from './surroundings.ts';
import type { Telemetry } from './telemetry.ts';

/** Why something may succeed another time, by the name under which it is counted, and how often it is tried for that reason. */
const PATIENCE = {
  /**
   * Somebody else has made progress, and an attempt is short, so that even of a hundred writers of one account each gets
   * its turn. At most about 15 s of waiting, half of it on average, far below any function's timeout.
   */
  Conflicts: { maxFailures: 32, maxPauseMs: 500 },
  /** Nobody may have made progress, and an attempt may take seconds. At most about 4 s of waiting. */
  Unavailable: { maxFailures: 8, maxPauseMs: 1_000 },
} as const;
type PassingFailure = keyof typeof PATIENCE;

const BASE_PAUSE_MS = 25;

/** Counts an error after which a retry may succeed. @returns under which name; `undefined` for any other error */
export function countFailure(error: unknown, telemetry: Telemetry): PassingFailure | undefined {
  const reason =
    error instanceof CommitConflictError
      ? 'Conflicts'
      : error instanceof StoreUnavailableError
        ? 'Unavailable'
        : undefined;
  if (reason !== undefined) {
    telemetry.count(reason);
  }
  return reason;
}

/** The part of an invocation that retries need. */
export interface RetryTools {
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
  readonly hasTime: () => boolean;
}

/**
 * Runs `attempt` until it succeeds, with jittered back-off. Its argument counts from 0.
 * @throws any error that is neither a conflict nor unavailability at once, and the last one when attempts or time run out
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  { surroundings, telemetry, hasTime }: RetryTools,
): Promise<T> {
  const failures = { Conflicts: 0, Unavailable: 0 };
  for (let number = 0; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      const reason = countFailure(error, telemetry);
      if (reason === undefined) {
        throw error;
      }
      const { maxFailures, maxPauseMs } = PATIENCE[reason];
      failures[reason] += 1;
      if (failures[reason] >= maxFailures || !hasTime()) {
        throw error;
      }
      telemetry.count('Retries');
      await surroundings.pause(surroundings.random() * Math.min(maxPauseMs, BASE_PAUSE_MS * 2 ** number));
    }
  }
}
