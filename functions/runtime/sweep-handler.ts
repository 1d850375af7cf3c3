/** What the two sweeps' handlers share: a schedule starts them, and their own queue continues them. */

import type { Context, SQSEvent } from 'aws-lambda';
import { REAL_SURROUNDINGS } from '../../lib/shell/surroundings.ts';
import { continueSweep, type SweepWork, startSweep } from '../../lib/shell/sweep.ts';
import { parseSweepTask, sqsSweepQueue } from '../../lib/shell/sweep-queue.ts';
import { required } from './environment.ts';
import { instrumented } from './instrumented.ts';
import { createSqsClient } from './messaging.ts';
import { remainingTime } from './remaining-time.ts';
import { telemetry } from './telemetry.ts';

/** The constant that the schedule's rule sends. */
export interface SweepStart {
  readonly sweep: 'start';
}

/** @param workOf makes the sweep's work anew for each invocation, so that nothing it has learned grows old */
export function sweepHandler<T>(workOf: () => SweepWork<T>) {
  const tools = {
    queue: sqsSweepQueue(createSqsClient(), required('SWEEP_QUEUE_URL')),
    surroundings: REAL_SURROUNDINGS,
    telemetry,
  };
  return instrumented<SQSEvent | SweepStart, void>(async (event: SQSEvent | SweepStart, context: Context) => {
    if ('sweep' in event) {
      await startSweep(workOf(), tools);
      return;
    }
    for (const { body } of event.Records) {
      await continueSweep(parseSweepTask(body), workOf(), remainingTime(context), tools);
    }
  });
}
