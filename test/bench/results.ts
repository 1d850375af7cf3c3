/** What one run of the benchmark has found out: the content of its JSON file, and of the report made of it. */

import type { ContentionResult } from './contention.ts';
import type { MemoryGrowth, MemorySample } from './memory-growth.ts';
import type { CaseResult } from './run-case.ts';

export interface BenchResults {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Machine;
  /** Every case that was run, in the order in which it was, with the authority that it was run on. */
  readonly cases: readonly CaseResult[];
  /** The same case with more and more accounts in the table. */
  readonly scaling: readonly ScalingResult[];
  /** Messages that come a second time. */
  readonly redelivery?: RedeliveryResult | undefined;
  /** One busy account under more and more concurrent invocations. */
  readonly contention: readonly ContentionResult[];
  /** Memory while very many messages pass through one process. */
  readonly memory?: MemoryResult | undefined;
  /** The functions' bundles and how they start. */
  readonly bundles: readonly BundleResult[];
}

export interface Machine {
  readonly processors: number;
  readonly processorModel: string;
  readonly memoryGB: number;
  readonly node: string;
  /** Processes that waited for a processor when the run began, on average over a minute. */
  readonly loadBefore: number;
}

export interface ScalingResult {
  /** How many accounts the table holds. */
  readonly accountsInTable: number;
  readonly result: CaseResult;
}

/** Units for each message that came again. */
export interface RedeliveryResult {
  readonly messageCount: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** How many messages were published because of them; none should be. */
  readonly publishedCount: number;
}

export interface MemoryResult {
  /** Who pays whom. */
  readonly title: string;
  readonly authority: string;
  /** Of the payments alone. */
  readonly seconds: number;
  /** The first before any message, each other one after as many more. */
  readonly samples: readonly MemorySample[];
  /** Unknown when the run broke off early. */
  readonly growth: MemoryGrowth | undefined;
  /** What was lost, doubled or wrong, or that memory is not flat. */
  readonly faults: readonly string[];
}

export interface BundleResult {
  /** The function's name, e.g. `process-messages`. */
  readonly name: string;
  readonly kilobytes: number;
  /** Of several loads, each in a process of its own, in milliseconds: the median, from Node's start of the import to its end. */
  readonly loadMs: number;
}
