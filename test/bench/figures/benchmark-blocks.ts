/** The tables of docs/benchmarks.md that are printed from the measured figures. */

import { totalOf } from '../cost/cost-line.ts';
import { costOfCase } from '../cost/cost-model.ts';
import { printLoad } from '../load.ts';
import { type BudgetLine, printLimit } from '../report/budget-line.ts';
import { CLIENTS, PROCESSES } from '../report/cpu-spenders.ts';
import { linesOf } from '../report/load-budgets.ts';
import { printCount, printDuration, printUnits, UNKNOWN } from '../report/printed-figures.ts';
import { distinct } from '../report/section.ts';
import { type Column, markdownTable } from '../report/tables.ts';
import { type Figure, titleOf } from './figures.ts';
import { REFERENCE, type ReferenceFigure } from './reference.ts';

type Row = Column<Figure>;

/** Of one payment, in milliseconds: of all processes but the clients. */
export function systemCpuMsOf({ cpuMs }: Figure): number {
  return Object.entries(cpuMs).reduce((sum, [name, ms]) => (name === CLIENTS ? sum : sum + ms), 0);
}

/** This implementation beside the reference, under the loads under which the reference was measured. */
export function printReference(figures: readonly Figure[]): string {
  const here = (wanted: ReferenceFigure) => figures.find((figure) => titleOf(figure) === titleOf(wanted));
  const column = (title: string, cell: (row: ReferenceFigure) => string): Column<ReferenceFigure> => ({
    title,
    isFigure: true,
    cell,
  });
  return markdownTable<ReferenceFigure>(
    [
      { title: 'payments', cell: titleOf },
      column('payments/s here', (row) => printSpeed(here(row))),
      column('reference', ({ transfersPerSecond }) => printCount(transfersPerSecond)),
      column('CPU ms a payment here', (row) => printMaybe(here(row), systemCpuMsOf)),
      column('reference', ({ systemCpuMs }) => printCount(systemCpuMs ?? Number.NaN)),
      column('median time of a payment here', (row) => {
        const figure = here(row);
        return figure === undefined ? UNKNOWN : printDuration(figure.times.whole.p50);
      }),
    ],
    REFERENCE,
  );
}

/** The budgets of loads, with what the median run took. */
export function printBudgets(figures: readonly Figure[]): string {
  const lines = figures.flatMap((figure) =>
    linesOf(titleOf(figure), {
      ...figure,
      systemCpuMs: systemCpuMsOf(figure),
      writeUnits: figure.counts.writeUnits,
      readUnits: figure.counts.readUnits,
    }),
  );
  return markdownTable<BudgetLine>(
    [
      { title: 'payments', cell: ({ subject }) => subject },
      { title: 'quantity', cell: ({ quantity }) => quantity },
      { title: 'budget', isFigure: true, cell: printLimit },
      { title: 'measured', isFigure: true, cell: ({ measured }) => printUnits(measured) },
      { title: 'kept', cell: ({ isKept }) => (isKept ? 'yes' : 'no') },
    ],
    lines,
  );
}

export function printLoads(figures: readonly Figure[]): string {
  return markdownTable<Figure>(
    [
      { title: 'payments', cell: titleOf },
      figure('payments/s', printSpeed),
      figure('PreparedTransfer', ({ times }) => printTimes(times.prepared)),
      figure('FinalizedTransfer', ({ times }) => printTimes(times.finalized)),
      figure('recipient’s AccountTransfer', ({ times }) => printTimes(times.credited)),
      figure('write units', ({ counts }) => printUnits(counts.writeUnits)),
      figure('read units', ({ counts }) => printUnits(counts.readUnits)),
      figure('commits', ({ commits }) => printUnits(commits)),
      figure('invocations', ({ counts }) => printUnits(counts.invocations)),
      figure('SQS requests', ({ counts }) => printUnits(counts.queueRequests)),
      figure('dollars per million', ({ counts }) => totalOf(costOfCase(counts)).toFixed(2)),
    ],
    figures,
  );
}

export function printCpu(figures: readonly Figure[]): string {
  const names = distinct(figures.flatMap(({ cpuMs }) => Object.keys(cpuMs)));
  const ordered = [...names.filter((name) => !PROCESSES.includes(name)).sort(), ...PROCESSES];
  return markdownTable<Figure>(
    [
      { title: 'CPU ms a payment', cell: titleOf },
      ...ordered.map((name) => figure(name, ({ cpuMs }) => printCount(cpuMs[name] ?? Number.NaN))),
      figure('all handlers', ({ handlerCpuMs }) => printCount(handlerCpuMs)),
      figure('the system', (row) => printCount(systemCpuMsOf(row))),
    ],
    figures,
  );
}

export function printDirect(figures: readonly Figure[]): string {
  return markdownTable<Figure>(
    [
      { title: 'payments', cell: ({ name }) => name },
      { title: 'load', cell: ({ load }) => printLoad(load) },
      figure('payments/s', printSpeed),
      figure('write units', ({ counts }) => printUnits(counts.writeUnits)),
      figure('read units', ({ counts }) => printUnits(counts.readUnits)),
      figure('commits', ({ commits }) => printUnits(commits)),
      figure('SNS calls', ({ counts }) => printUnits(counts.publishRequests)),
      figure('handler CPU ms', ({ handlerCpuMs }) => printCount(handlerCpuMs)),
    ],
    figures,
  );
}

function figure(title: string, cell: (row: Figure) => string): Row {
  return { title, isFigure: true, cell };
}

/** @returns such as `350 (331–362 in 3 runs)` */
function printSpeed(figure: Figure | undefined): string {
  if (figure === undefined) {
    return UNKNOWN;
  }
  const { transfersPerSecond, speeds } = figure;
  const range = [speeds[0], speeds.at(-1)].map((speed) => printCount(speed ?? Number.NaN));
  return `${printCount(transfersPerSecond)}${speeds.length > 1 ? ` (${range.join('–')} in ${speeds.length} runs)` : ''}`;
}

function printMaybe(row: Figure | undefined, measureOf: (row: Figure) => number): string {
  return row === undefined ? UNKNOWN : printCount(measureOf(row));
}

function printTimes({ p50, p99 }: { readonly p50: number; readonly p99: number }): string {
  return `${printDuration(p50)} / ${printDuration(p99)}`;
}
