/** A thread that runs seeds: it gets ranges of them, and answers with the first result that breaks something. */

import { parentPort } from 'node:worker_threads';
import { runWorld, type WorldResult } from './world.ts';

parentPort?.on('message', async ({ first, count }: { readonly first: number; readonly count: number }) => {
  let failure: WorldResult | undefined;
  for (let seed = first; seed < first + count && failure === undefined; seed += 1) {
    const result = await runWorld(seed);
    failure = result.violations.length > 0 ? result : undefined;
  }
  parentPort?.postMessage(failure);
});
