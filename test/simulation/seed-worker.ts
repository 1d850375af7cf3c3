/** The thread that runs seeds for `run-seeds.ts`. */

import { parentPort } from 'node:worker_threads';
import { type SeedReport, type SeedTask, sum } from './run-seeds.ts';
import { runWorld } from './world.ts';

// Injected faults create thousands of errors, and nobody reads their stack traces.
Error.stackTraceLimit = 0;

parentPort?.on('message', async ({ first, count, overrides }: SeedTask) => {
  let report: SeedReport = { count: 0, counts: {}, failures: [] };
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await runWorld(seed, { overrides });
    report = sum(report, {
      count: 1,
      counts: result.counts,
      failures: result.violation === undefined ? [] : [result],
    });
  }
  parentPort?.postMessage(report);
});
