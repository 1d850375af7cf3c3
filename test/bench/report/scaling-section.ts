/** Whether a large table makes a transfer slower or costlier: the same payments with more and more accounts. */

import type { ScalingResult } from '../results.ts';
import { figuresOf, isTimed } from './case-figures.ts';
import { lineChart, type Series } from './line-chart.ts';
import { printCount, printDuration, printUnits, UNKNOWN } from './printed-figures.ts';
import { image, type Section } from './section.ts';
import { type Column, escapeMarkdown, markdownTable } from './tables.ts';
import { printSpeed } from './throughput-section.ts';

const TITLE = 'Accounts in the table';

const COLUMNS: readonly Column<ScalingResult>[] = [
  {
    title: 'accounts in the table',
    isFigure: true,
    cell: ({ accountsInTable }) => printCount(accountsInTable),
  },
  { title: 'transfers', isFigure: true, cell: ({ result }) => printCount(result.transferCount) },
  { title: 'transfers/s', isFigure: true, cell: ({ result }) => printSpeed(result) },
  time('whole p50', ({ result }) => result.times.whole.p50),
  time('whole p99', ({ result }) => result.times.whole.p99),
  units('write units per transfer', (result) => figuresOf(result)?.writeUnits),
  units('read units per transfer', (result) => figuresOf(result)?.readUnits),
  units('handler CPU ms per transfer', (result) => figuresOf(result)?.handlerCpuMs),
  { title: 'result', cell: ({ result }) => (result.faults.length === 0 ? 'passed' : '✗') },
];

export function scalingSection(scaling: readonly ScalingResult[]): Section | undefined {
  const [first] = scaling;
  if (first === undefined) {
    return undefined;
  }
  const timed = scaling.filter(({ result }) => isTimed(result));
  return {
    title: TITLE,
    paragraphs: [
      `${escapeMarkdown(first.result.title)}; ${escapeMarkdown(first.result.authority)}.`,
      markdownTable(COLUMNS, scaling),
      ...finding(timed),
      ...(timed.length === 0 ? [] : [image(TITLE, 'scaling.svg')]),
    ],
    charts: timed.length === 0 ? {} : { 'scaling.svg': chart(timed) },
  };
}

function finding(timed: readonly ScalingResult[]): string[] {
  const [first, last] = [timed[0], timed.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    return [];
  }
  const speed = last.result.transfersPerSecond / first.result.transfersPerSecond;
  const [before, after] = [figuresOf(first.result), figuresOf(last.result)];
  const change =
    before === undefined || after === undefined
      ? ''
      : `, and a transfer takes ${printUnits(after.writeUnits)} write units instead of ${printUnits(before.writeUnits)} and ` +
        `${printUnits(after.readUnits)} read units instead of ${printUnits(before.readUnits)}`;
  return [
    `With ${printCount(last.accountsInTable)} accounts instead of ${printCount(first.accountsInTable)}, throughput is ` +
      `${printCount(speed * 100)} % of what it was${change}.`,
  ];
}

function time(title: string, msOf: (row: ScalingResult) => number): Column<ScalingResult> {
  return { title, isFigure: true, cell: (row) => (isTimed(row.result) ? printDuration(msOf(row)) : UNKNOWN) };
}

function units(
  title: string,
  unitsOf: (result: ScalingResult['result']) => number | undefined,
): Column<ScalingResult> {
  return { title, isFigure: true, cell: ({ result }) => printUnits(unitsOf(result) ?? Number.NaN) };
}

function chart(timed: readonly ScalingResult[]): string {
  const series = (name: string, measureOf: (row: ScalingResult) => number | undefined): Series => ({
    name,
    points: timed.flatMap((row) => {
      const value = measureOf(row);
      return value === undefined ? [] : [[row.accountsInTable, value] as const];
    }),
  });
  return lineChart({
    title: TITLE,
    axisTitle: 'accounts in the table',
    printX: printCount,
    panels: [
      {
        title: 'Transfers per second',
        series: [series('transfers/s', ({ result }) => result.transfersPerSecond)],
        print: printCount,
      },
      {
        title: 'Units per transfer',
        series: [
          series('write units', ({ result }) => figuresOf(result)?.writeUnits),
          series('read units', ({ result }) => figuresOf(result)?.readUnits),
        ],
        print: printUnits,
      },
    ],
  });
}
