/** What the two sweeps' handlers share: a schedule starts them, and their own queue continues them. */

import type { Context, SQSEvent } from 'aws-lambda';
import type { Invocation } from '../../lib/shell/invocation.ts';
import { continueSweep, type SweepWork, startSweep } from '../../lib/shell/sweep.ts';
import { parseSweepTask, sqsSweepQueue } from '../../lib/shell/sweep-queue.ts';
import type { TableScan } from '../../lib/storage/table-scan.ts';
import { required, settings } from './environment.ts';
import { instrumented } from './instrumented.ts';
import { createTableScan, invocationOf } from './invocations.ts';
import { createSqsClient } from './messaging.ts';

/** The constant that the schedule's rule sends. */
export interface SweepStart {
  readonly sweep: 'start';
}

/** @param workOf makes the sweep's work anew for each invocation, so that nothing it has learned grows old */
export function sweepHandler<T>(workOf: (tools: Invocation & { readonly scan: TableScan }) => SweepWork<T>) {
  const queue = sqsSweepQueue(createSqsClient(), required('SWEEP_QUEUE_URL'));
  const scan = createTableScan();
  return instrumented<SQSEvent | SweepStart, void>(async (event: SQSEvent | SweepStart, context: Context) => {
    const writesPerSecond = settings.sweepWritesPerSecond;
    const invocation = { ...invocationOf(context), queue, scan, writesPerSecond };
    if ('sweep' in event) {
      await startSweep(workOf(invocation), invocation);
      return;
    }
    for (const { body } of event.Records) {
      await continueSweep(parseSweepTask(body), workOf(invocation), invocation);
    }
  });
}
