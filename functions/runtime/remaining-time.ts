/**
 * How functions end before Lambda ends them, so that what they have done is not done again. No step is begun in the last
 * seconds, and no call of a step that takes longer than any should outlives them: it fails like one that timed out, and
 * whatever it was for comes again.
 */

import type { Context } from 'aws-lambda';

/**
 * One step (a page of a sweep, a hundred messages, a transaction) takes well under a second, and some seconds where it loses
 * races or a table is slow.
 */
const TIME_TO_FINISH_MS = 15_000;

/** What a function takes to report what is to come again, once its last call has ended. */
const TIME_TO_REPORT_MS = 2_000;

/** Whether there is time to begin another step. */
export function remainingTime(context: Context): () => boolean {
  return () => context.getRemainingTimeInMillis() > TIME_TO_FINISH_MS;
}

/** A process runs one invocation at a time. */
let remainingMs: () => number = () => Number.POSITIVE_INFINITY;

/** From now on, calls end in time for this invocation. */
export function boundCalls(context: Context): void {
  remainingMs = () => context.getRemainingTimeInMillis();
}

/**
 * A middleware of the AWS clients, around all attempts of a call. A call that it ends may still take effect.
 * @throws {Error} named `TimeoutError` when the call has not ended in time
 */
export function endInTime<Input, Output>(
  next: (args: Input) => Promise<Output>,
): (args: Input) => Promise<Output> {
  return async (args) => {
    const leftMs = remainingMs() - TIME_TO_REPORT_MS;
    if (leftMs <= 0) {
      throw timeout();
    }
    if (leftMs === Number.POSITIVE_INFINITY) {
      return next(args);
    }
    const { promise: end, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(timeout()), leftMs);
    try {
      return await Promise.race([next(args), end]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function timeout(): Error {
  return Object.assign(new Error('The call has not ended within the time of its function.'), {
    name: 'TimeoutError',
  });
}
