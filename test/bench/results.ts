/** The results of one run of the benchmark: the content of its JSON file, and the input of its report. */

import type { CaseResult } from './case-result.ts';
import type { ContentionResult } from './contention.ts';
import type { Machine } from './machine.ts';
import type { MemoryGrowth, MemorySample } from './memory-growth.ts';

export interface BenchResults {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Machine;
  /** Every case in the order of its run, with its authority. */
  readonly cases: readonly CaseResult[];
  /** The same case with more and more accounts in the table. */
  readonly scaling: readonly ScalingResult[];
  /** Redelivered messages. */
  readonly redelivery?: RedeliveryResult | undefined;
  /** One busy account under more and more concurrent invocations. */
  readonly contention: readonly ContentionResult[];
  /** Memory while one process handles very many messages. */
  readonly memory?: MemoryResult | undefined;
  /** The functions' bundles and their loading times. */
  readonly bundles: readonly BundleResult[];
}

export interface ScalingResult {
  /** How many accounts the table holds. */
  readonly accountsInTable: number;
  readonly result: CaseResult;
}

/** Units for each redelivered message. */
export interface RedeliveryResult {
  readonly messageCount: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** How many messages they caused to be published; it should be none. */
  readonly publishedCount: number;
}

export interface MemoryResult {
  /** Who pays whom. */
  readonly title: string;
  readonly authority: string;
  /** Of the payments alone. */
  readonly seconds: number;
  /** The first sample is before any message, the others at equal intervals. */
  readonly samples: readonly MemorySample[];
  /** Unknown when the run broke off early. */
  readonly growth: MemoryGrowth | undefined;
  /** What was lost, doubled or wrong; also memory that is not flat. */
  readonly faults: readonly string[];
}

export interface BundleResult {
  /** The function's name, e.g. `process-messages`. */
  readonly name: string;
  readonly kilobytes: number;
  /** The median of several loads in separate processes, in milliseconds, from the start of the import to its end. */
  readonly loadMs: number;
}
