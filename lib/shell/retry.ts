/** Trying again after a lost race or an unavailable table, within bounds. */

import { CommitConflictError, StoreUnavailableError } from '../storage/errors.ts';
import type { Surroundings } from './surroundings.ts';
import type { Telemetry } from './telemetry.ts';

/** Together at most about 4 s of waiting, far below any function's timeout. */
const MAX_ATTEMPTS = 8;
const BASE_PAUSE_MS = 25;
const MAX_PAUSE_MS = 1_000;

/**
 * Runs `attempt` until it succeeds, with jittered back-off; its argument is 0 at first. What is neither a conflict nor
 * unavailability, and what still fails after the last attempt, is thrown to the caller.
 */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  surroundings: Surroundings,
  telemetry: Telemetry,
): Promise<T> {
  for (let number = 0; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      const isConflict = error instanceof CommitConflictError;
      if (!(isConflict || error instanceof StoreUnavailableError)) {
        throw error;
      }
      telemetry.count(isConflict ? 'Conflicts' : 'Unavailable');
      if (number + 1 >= MAX_ATTEMPTS) {
        throw error;
      }
    }
    telemetry.count('Retries');
    await surroundings.pause(surroundings.random() * Math.min(MAX_PAUSE_MS, BASE_PAUSE_MS * 2 ** number));
  }
}
