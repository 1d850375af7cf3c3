/** Trying again after a lost race or an unavailable table, within bounds. */

import { CommitConflictError, StoreUnavailableError } from '../storage/errors.ts';
import type { Surroundings } from './surroundings.ts';
import type { Telemetry } from './telemetry.ts';

interface Patience {
  /** How often something may fail for this reason. */
  readonly maxFailures: number;
  readonly maxPauseMs: number;
}

/** Why something may succeed another time, by the name under which it is counted. */
type PassingFailure = 'Conflicts' | 'Unavailable';

const PATIENCE: Readonly<Record<PassingFailure, Patience>> = {
  /**
   * Somebody else has made progress, and an attempt is short, so that even of a hundred writers of one account each gets
   * its turn. Together at most about 15 s of waiting, half of it on average, far below any function's timeout.
   */
  Conflicts: { maxFailures: 32, maxPauseMs: 500 },
  /** Nobody may have made progress, and an attempt may take seconds. Together at most about 4 s of waiting. */
  Unavailable: { maxFailures: 8, maxPauseMs: 1_000 },
};
const BASE_PAUSE_MS = 25;

/** @returns as what the error was counted; `undefined` when it is neither a conflict nor unavailability */
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

/**
 * Runs `attempt` until it succeeds, with jittered back-off; its argument is 0 at first. What is neither a conflict nor
 * unavailability, and what still fails after the last attempt, is thrown to the caller.
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  surroundings: Surroundings,
  telemetry: Telemetry,
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
      if (failures[reason] >= maxFailures) {
        throw error;
      }
      telemetry.count('Retries');
      await surroundings.pause(surroundings.random() * Math.min(maxPauseMs, BASE_PAUSE_MS * 2 ** number));
    }
  }
}
