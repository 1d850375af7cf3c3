/** Who spent the CPU time: each function, the emulators of AWS, and the clients. */

import type { CaseResult } from '../case-result.ts';
import { totalCpu, type Usage } from '../usage.ts';
import { barChart } from './bar-chart.ts';
import { isTimed } from './case-figures.ts';
import { cpuFindings } from './cpu-findings.ts';
import { cpuBySpender, PROCESSES } from './cpu-spenders.ts';
import { printCount, printShare, printUnits, UNKNOWN } from './printed-figures.ts';
import { CASE_COLUMNS, columnsOf, distinct, headingsOf, image, type Section } from './section.ts';
import { type Column, markdownTable } from './tables.ts';

const TITLE = 'Who spent the CPU time';

interface Row {
  readonly result: CaseResult;
  readonly usage: Usage;
  /** In milliseconds. */
  readonly spent: ReadonlyMap<string, number>;
}

export function cpuSection(cases: readonly CaseResult[], processors: number): Section | undefined {
  const rows = cases.flatMap((result) => {
    const { usage } = result;
    return usage === undefined || totalCpu(usage.cpu) <= 0 || !isTimed(result)
      ? []
      : [{ result, usage, spent: cpuBySpender(usage) }];
  });
  if (rows.length === 0) {
    return undefined;
  }
  const spenders = spendersOf(rows);
  return {
    title: TITLE,
    paragraphs: [
      'CPU milliseconds for one transfer, with the AccountUpdates that follow:',
      markdownTable(columns(spenders, processors), rows),
      ...cpuFindings(rows, processors),
      'The table emulator stands in for DynamoDB; the local run for SQS and SNS, and for what invokes functions. The system is all but the clients.',
      image(TITLE, 'cpu.svg'),
    ],
    charts: { 'cpu.svg': chart(rows, spenders) },
  };
}

/** Of all rows, those first that only some rows have. */
function spendersOf(rows: readonly Row[]): string[] {
  const all = distinct(rows.flatMap(({ spent }) => [...spent.keys()]));
  return [...all.filter((name) => !PROCESSES.includes(name)), ...PROCESSES];
}

function columns(spenders: readonly string[], processors: number): Column<Row>[] {
  const each = (title: string, msOf: (row: Row) => number | undefined): Column<Row> => ({
    title,
    isFigure: true,
    cell: (row) => printUnits((msOf(row) ?? Number.NaN) / row.result.transferCount),
  });
  return [
    ...columnsOf(CASE_COLUMNS, ({ result }: Row) => result),
    ...spenders.map((name) => each(name, ({ spent }) => spent.get(name))),
    each('all handlers', ({ usage }) => usage.cpu.handlers),
    each('the system', ({ usage }) => totalCpu(usage.cpu) - usage.cpu.clients),
    {
      title: 'processors busy',
      isFigure: true,
      cell: ({ result: { processorsBusy } }) =>
        processorsBusy === undefined ? UNKNOWN : `${processorsBusy.toFixed(1)} of ${processors}`,
    },
  ];
}

function chart(rows: readonly Row[], spenders: readonly string[]): string {
  return barChart({
    title: TITLE,
    axisTitle: 'share of all CPU time',
    pieces: spenders,
    printTick: printShare,
    bars: rows.map(({ result, usage, spent }) => {
      const total = totalCpu(usage.cpu);
      const shares = spenders.map((name) => Math.max(0, spent.get(name) ?? 0) / total);
      return {
        ...headingsOf(result),
        values: shares,
        pieceNotes: shares.map((share) => (share > 0 ? printShare(share) : '')),
        note: `${printCount(total / result.transferCount)} ms per transfer`,
      };
    }),
  });
}
