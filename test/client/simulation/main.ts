/** `npm run simulate:client`: many worlds of clients, or the known ways to break the library. */

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { progressTo } from '../../../lib/operations/progress.ts';
import { OptionError, withOptionErrors } from '../option-error.ts';
import { runMutations } from './run-mutations.ts';
import type { WorldResult } from './world.ts';

const HELP = `Simulates clients that crash between any two calls, lose their stores, and get messages twice, late and in any order.

  npm run simulate:client -- [options]

  --seeds N       how many worlds to run (default 1000)
  --first SEED    the first seed (default 1)
  --threads N     how many worlds run at a time (default: one for each processor)
  --mutations     break a copy of the library in each known way, and check that the simulation notices
  --only TEXT     with --mutations: only the mutations whose name contains the text
  --help          print this text

Exit code: 0 when every guarantee held (or every mutation was noticed), 1 when not, 2 for a wrong option.`;

const CHUNK = 25;

process.exitCode = await withOptionErrors(main);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      first: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(availableParallelism()) },
      mutations: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [first, seeds, threads] = (['first', 'seeds', 'threads'] as const).map((name) =>
    positiveNumber(name, values[name]),
  ) as [number, number, number];
  return values.mutations ? runMutations(values) : runSeeds(first, seeds, threads);
}

function positiveNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new OptionError(`--${name} is ${text}; it must be a positive whole number.`);
  }
  return number;
}

/** Runs the seeds until one fails, prints what it breaks, and returns the exit code. */
async function runSeeds(first: number, count: number, threads: number): Promise<number> {
  let next = first;
  let done = 0;
  let failure: WorldResult | undefined;
  const progress = progressTo(process.stderr);
  progress.start('seeds', count);
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url));
    while (next < first + count && failure === undefined) {
      const start = next;
      next += CHUNK;
      const size = Math.min(CHUNK, first + count - start);
      worker.postMessage({ first: start, count: size });
      const [found] = await once(worker, 'message');
      failure ??= found;
      done += size;
      progress.advance(size);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: threads }, work));
  progress.end();
  if (failure === undefined) {
    console.log(`${done} seeds: every guarantee held.`);
    return 0;
  }
  console.log(`Seed ${failure.seed} breaks:\n  ${failure.violations.join('\n  ')}`);
  console.log(`Its features: ${JSON.stringify(failure.features)}`);
  return 1;
}
