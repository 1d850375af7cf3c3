/** How functions see to it that they end before Lambda ends them: then nothing that they have done is done again. */

import type { Context } from 'aws-lambda';

/**
 * What is begun (a page of a sweep, a hundred messages, a transaction) takes well under a second, and some seconds where it
 * loses races or a table is slow.
 */
const TIME_TO_FINISH_MS = 15_000;

/** Whether there is time to begin with something more. */
export function remainingTime(context: Context): () => boolean {
  return () => context.getRemainingTimeInMillis() > TIME_TO_FINISH_MS;
}
