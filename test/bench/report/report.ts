/** What a terminal shows of a run: a summary and the faults. The report's files are written elsewhere. */

import type { CaseResult } from '../case-result.ts';
import type { BenchResults } from '../results.ts';
import { printExceeded } from './budget-line.ts';
import { budgetLines } from './budgets.ts';
import { figuresOf, isTimed } from './case-figures.ts';
import { loadWarning } from './head-section.ts';
import { printMemory } from './memory-section.ts';
import { printCount, printDuration, printUnits, UNKNOWN } from './printed-figures.ts';
import { CASE_COLUMNS } from './section.ts';
import { type Column, textTable } from './tables.ts';
import { printSpeed } from './throughput-section.ts';

const COLUMNS: readonly Column<CaseResult>[] = [
  ...CASE_COLUMNS,
  { title: 'transfers', isFigure: true, cell: ({ transferCount }) => printCount(transferCount) },
  { title: 'per second', isFigure: true, cell: printSpeed },
  time('prepared p50', ({ times }) => times.prepared.p50),
  time('whole p50', ({ times }) => times.whole.p50),
  time('whole p99', ({ times }) => times.whole.p99),
  units('WU', (result) => figuresOf(result)?.writeUnits),
  units('RU', (result) => figuresOf(result)?.readUnits),
  units('handler CPU ms', (result) => figuresOf(result)?.handlerCpuMs),
  {
    title: 'result',
    cell: ({ faults: { length } }) =>
      length === 0 ? 'passed' : `✗ ${length} ${length === 1 ? 'fault' : 'faults'}`,
  },
];

/** One aligned line for each case; below it the memory growth, the warnings and the exceeded budgets. */
export function printSummary(results: BenchResults): string {
  const warning = loadWarning(results.machine);
  const exceeded = budgetLines(results).filter(({ isKept }) => !isKept);
  return [
    ...(results.cases.length === 0 ? [] : [textTable(COLUMNS, results.cases)]),
    ...(results.memory === undefined ? [] : [printMemory(results.memory)]),
    ...(warning === undefined ? [] : [`⚠ ${warning}`]),
    ...exceeded.map((line) => `✗ ${printExceeded(line)}`),
  ].join('\n');
}

/**
 * Everything that was lost, doubled or wrong, with the case; empty when all is well. Only the memory budget counts as a
 * fault when it is exceeded: code that keeps something of every message will run out of memory.
 */
export function faultsOf({ cases, scaling, redelivery, memory }: BenchResults): string[] {
  const publishedCount = redelivery?.publishedCount ?? 0;
  return [
    ...cases.flatMap(({ name, authority, faults }) =>
      faults.map((fault) => `${name} (${authority}): ${fault}`),
    ),
    ...scaling.flatMap(({ accountsInTable, result }) =>
      result.faults.map(
        (fault) => `${result.name}, ${printCount(accountsInTable)} accounts in the table: ${fault}`,
      ),
    ),
    ...(publishedCount > 0
      ? [`redelivery: ${publishedCount} messages were published because of messages that came again`]
      : []),
    ...(memory?.faults ?? []).map((fault) => `memory: ${fault}`),
  ];
}

function time(title: string, msOf: (result: CaseResult) => number): Column<CaseResult> {
  return {
    title,
    isFigure: true,
    cell: (result) => (isTimed(result) ? printDuration(msOf(result)) : UNKNOWN),
  };
}

function units(title: string, unitsOf: (result: CaseResult) => number | undefined): Column<CaseResult> {
  return { title, isFigure: true, cell: (result) => printUnits(unitsOf(result) ?? Number.NaN) };
}
