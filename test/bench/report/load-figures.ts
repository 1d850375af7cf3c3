/** What a payment of a case costs the whole system: CPU time here, dollars on AWS. */

import type { CaseResult } from '../case-result.ts';
import { totalOf } from '../cost/cost-line.ts';
import { costOfCase } from '../cost/cost-model.ts';
import { countsOfCase } from '../cost/counted-case.ts';
import { printLoad } from '../load.ts';
import { totalCpu } from '../usage.ts';

/** Of one transfer, in milliseconds: of all processes but the clients. */
export function systemCpuMsOf({ usage, transferCount }: CaseResult): number | undefined {
  return usage && (totalCpu(usage.cpu) - usage.cpu.clients) / transferCount;
}

/** Of a million transfers on AWS, without the fixed cost of a month. */
export function dollarsOf(result: CaseResult): number | undefined {
  const counts = countsOfCase(result);
  return counts && totalOf(costOfCase(counts));
}

/** Of several runs under the same load, the one with the median speed; of an even number the slower one in the middle. */
export function medianRuns(results: readonly CaseResult[]): CaseResult[] {
  return Object.values(Object.groupBy(results, ({ load }) => printLoad(load))).flatMap((runs = []) => {
    const sorted = runs.toSorted((one, other) => one.transfersPerSecond - other.transfersPerSecond);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? [];
  });
}
