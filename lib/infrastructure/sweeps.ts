/** Runs sweeps: a schedule starts one, which continues itself through a queue until it has seen the whole table. */

import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { feedFromQueue } from './event-sources.ts';
import { startOnSchedule } from './schedules.ts';

/** How often each table is swept. */
export interface SweepPeriods {
  readonly accountsSeconds: number;
  readonly transfersSeconds: number;
}

/** The event that starts a sweep; all others come from the queue. */
const START = { sweep: 'start' };

/** Sweeps are never urgent, so they must not take capacity of the tables or Lambda from transfers. */
const MAX_CONCURRENCY = 10;

export interface SweepSchedule {
  readonly periodSeconds: number;
  /** Continues the sweep. */
  readonly queue: Queue;
  /** Gets the starts that failed. */
  readonly failedStarts: Queue;
}

/** Starts the function every `periodSeconds`, rounded to minutes and at least one, and feeds it from its own queue. */
export function startSweeps(
  target: LambdaFunction,
  { periodSeconds, queue, failedStarts }: SweepSchedule,
): void {
  const periodMinutes = Math.max(1, Math.round(periodSeconds / 60));
  startOnSchedule(target, { periodMinutes, event: START, failedStarts });
  feedFromQueue(target, queue, { batchSize: 1, windowSeconds: 0, maxConcurrency: MAX_CONCURRENCY });
}
