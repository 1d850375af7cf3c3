/** Results of a small run, for the tests of the report; each test names only what matters to it. */

import type { CaseResult } from '../case-result.ts';
import { underWay } from '../load.ts';
import type { BenchResults, MemoryResult } from '../results.ts';
import { NO_FUNCTION_USAGE, type Usage } from '../usage.ts';

export function aUsage(changes: Partial<Usage> = {}): Usage {
  return {
    metrics: {
      WriteUnits: 6_200,
      ReadUnits: 1_650,
      Commits: 400,
      Conflicts: 10,
      Retries: 9,
      'Calls.PublishBatch': 410,
      'Calls.SendMessageBatch': 11,
    },
    functions: {
      'process-messages': { ...NO_FUNCTION_USAGE, invocations: 4, peakMemoryMB: 96, writeUnits: 4_100 },
      'credit-recipients': {
        ...NO_FUNCTION_USAGE,
        invocations: 3,
        peakMemoryMB: 80,
        readUnits: 100,
        writeUnits: 2_100,
      },
    },
    cpu: { handlers: 500, tableEmulator: 2_000, queueEmulator: 500, clients: 1_000 },
    ...changes,
  };
}

/** 1,000 transfers in two seconds with both processors busy. */
export function aCase(changes: Partial<CaseResult> = {}): CaseResult {
  return {
    name: 'burst',
    title: 'one sender pays 100 recipients',
    authority: 'a local run',
    load: underWay(1_000),
    transferCount: 1_000,
    warmUpCount: 200,
    accountCount: 101,
    seconds: 2,
    transfersPerSecond: 500,
    times: {
      prepared: { p50: 300, p90: 350, p99: 390, max: 399 },
      finalized: { p50: 400, p90: 900, p99: 1_200, max: 1_500 },
      debited: { p50: 410, p90: 910, p99: 1_210, max: 1_510 },
      credited: { p50: 700, p90: 1_100, p99: 1_900, max: 2_000 },
      whole: { p50: 1_000, p90: 1_500, p99: 2_300, max: 2_400 },
    },
    usage: aUsage(),
    processorsBusy: 2,
    messages: { received: 4_101, repeated: 0, outOfOrder: 0 },
    faults: [],
    ...changes,
  };
}

/** A million messages, which leave half a megabyte more in use. */
export function aMemoryResult(changes: Partial<MemoryResult> = {}): MemoryResult {
  return {
    title: '100 senders pay 100 recipients',
    authority: 'handlers fed directly',
    seconds: 600,
    samples: [0, 1, 2, 3, 4].map((quarters) => ({
      messageCount: 250_000 * quarters,
      inUseMB: 36 + quarters / 8,
      peakResidentMB: 280 - quarters,
    })),
    growth: { startMB: 36.125, endMB: 36.5, bytesPerMessage: 0.524288, growthMB: 0.5 },
    faults: [],
    ...changes,
  };
}

/** One case, and nothing else. */
export function aRun(changes: Partial<BenchResults> = {}): BenchResults {
  return {
    startedAt: '2026-11-22T15:14:59.123Z',
    machine: {
      processors: 2,
      processorModel: 'A Processor',
      memoryGB: 8,
      node: 'v24.1.0',
      loadBefore: 0.25,
    },
    cases: [aCase()],
    scaling: [],
    contention: [],
    bundles: [],
    ...changes,
  };
}
