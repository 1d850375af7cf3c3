/** How functions end before Lambda ends them, so that nothing that they have done is done again. */

import type { Context } from 'aws-lambda';

/**
 * One step (a page of a sweep, a hundred messages, a transaction) takes well under a second, and some seconds where it loses
 * races or a table is slow.
 */
const TIME_TO_FINISH_MS = 15_000;

/** Whether there is time to begin another step. */
export function remainingTime(context: Context): () => boolean {
  return () => context.getRemainingTimeInMillis() > TIME_TO_FINISH_MS;
}
