/** What a run of the benchmark is asked to do. The command line reads it; the suite obeys. */

import type { CaseResult } from './case-result.ts';
import type { Load } from './load.ts';
import type { StackOutputs } from './stack-outputs.ts';

export const PARTS = [
  'loads',
  'direct',
  'local',
  'scaling',
  'redelivery',
  'contention',
  'memory',
  'bundles',
] as const;
export type Part = (typeof PARTS)[number];

export interface SuiteOptions {
  readonly parts: ReadonlySet<Part>;
  /** Undefined: those that each part has by itself. */
  readonly cases: ReadonlySet<string> | undefined;
  /** Undefined: those of a short run, or of a whole one. */
  readonly loads: readonly Load[] | undefined;
  /** The measured payments of each load or case; undefined: its own number. */
  readonly transfers: number | undefined;
  /** Whether all loads are measured, each with many payments. */
  readonly isWhole: boolean;
  /** How often each load is measured. */
  readonly repetitions: number;
  /** Every number of payments is divided by this. */
  readonly divisor: number;
  /** How many accounts the largest table has. */
  readonly maxAccounts: number;
  /** The stack to measure instead of a local run and directly fed handlers. */
  readonly stack: StackOutputs | undefined;
  /** The folder for data and results. */
  readonly folder: string;
  /** The folder for CPU profiles of the local run's threads; none are written if it is undefined. */
  readonly profileFolder: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (label: string, done: number, total: number) => void;
  readonly onResult: (result: CaseResult) => void;
}
