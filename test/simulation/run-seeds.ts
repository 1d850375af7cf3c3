/** Runs many seeds on several threads, and adds up what happened. */

import { Worker } from 'node:worker_threads';
import type { Features } from './features.ts';
import type { WorldResult } from './world.ts';

export interface SeedRange {
  readonly first: number;
  readonly count: number;
}

/** What a thread is asked to do. */
export interface SeedTask extends SeedRange {
  readonly overrides: Partial<Features>;
}

/** Its answer: sums over its seeds, and the seeds that failed. */
export interface SeedReport {
  readonly count: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly failures: readonly WorldResult[];
}

export interface RunOptions {
  readonly range: SeedRange;
  readonly overrides: Partial<Features>;
  readonly threads: number;
  /** Whether to go on after a failure. */
  readonly keepGoing: boolean;
  readonly progressed?: (soFar: SeedReport) => void;
}

const SEEDS_IN_TASK = 25;

export async function runSeeds(options: RunOptions): Promise<SeedReport> {
  const tasks = tasksOf(options);
  let total: SeedReport = { count: 0, counts: {}, failures: [] };
  const nextTask = (): SeedTask | undefined =>
    total.failures.length > 0 && !options.keepGoing ? undefined : tasks.shift();
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./seed-worker.ts', import.meta.url));
    try {
      for (let task = nextTask(); task !== undefined; task = nextTask()) {
        const report = await ask(worker, task);
        total = sum(total, report);
        options.progressed?.(total);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads, tasks.length) }, work));
  return { ...total, failures: [...total.failures].sort((a, b) => a.seed - b.seed) };
}

function tasksOf({ range, overrides }: RunOptions): SeedTask[] {
  const tasks: SeedTask[] = [];
  for (let done = 0; done < range.count; done += SEEDS_IN_TASK) {
    const count = Math.min(SEEDS_IN_TASK, range.count - done);
    tasks.push({ first: range.first + done, count, overrides });
  }
  return tasks;
}

function ask(worker: Worker, task: SeedTask): Promise<SeedReport> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      finish();
    };
    worker.once('message', (report: SeedReport) => settle(() => resolve(report)));
    worker.once('error', (error) => settle(() => reject(error)));
    worker.postMessage(task);
  });
}

export function sum(a: SeedReport, b: SeedReport): SeedReport {
  const counts: Record<string, number> = { ...a.counts };
  for (const [name, count] of Object.entries(b.counts)) {
    counts[name] = (counts[name] ?? 0) + count;
  }
  return { count: a.count + b.count, counts, failures: [...a.failures, ...b.failures] };
}
