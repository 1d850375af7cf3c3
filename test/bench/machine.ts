/** The machine that the benchmark runs on, and whether it is free for it. */

import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly processors: number;
  readonly processorModel: string;
  readonly memoryGB: number;
  readonly node: string;
  /** Processes that waited for a processor when the run began, on average over a minute. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  return {
    processors: availableParallelism(),
    processorModel: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
