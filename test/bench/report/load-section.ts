/** How speed, time and cost of a payment change with how many are under way. */

import type { CaseResult } from '../case-result.ts';
import { printLoad } from '../load.ts';
import { figuresOf, isTimed } from './case-figures.ts';
import { lineChart, type Panel, type Series } from './line-chart.ts';
import { dollarsOf, medianRuns, systemCpuMsOf } from './load-figures.ts';
import { printCount, printDuration, printUnits } from './printed-figures.ts';
import { distinct, image, type Section } from './section.ts';
import { type Column, escapeMarkdown, markdownTable } from './tables.ts';
import { printSpeed } from './throughput-section.ts';

const TITLE = 'What changes with the load';

const COLUMNS: readonly Column<CaseResult>[] = [
  { title: 'load', cell: ({ load }) => printLoad(load) },
  figure('transfers/s', printSpeed),
  figure('prepared p50 / p99', ({ times: { prepared } }) => printPair(prepared)),
  figure('credited p50 / p99', ({ times: { credited } }) => printPair(credited)),
  figure('whole p50 / p99', ({ times: { whole } }) => printPair(whole)),
  figure('write units', (result) => printUnits(figuresOf(result)?.writeUnits ?? Number.NaN)),
  figure('read units', (result) => printUnits(figuresOf(result)?.readUnits ?? Number.NaN)),
  figure('commits', (result) => printUnits(figuresOf(result)?.commits ?? Number.NaN)),
  figure('invocations', (result) => printUnits(figuresOf(result)?.invocations ?? Number.NaN)),
  figure('SQS requests', (result) => printUnits(figuresOf(result)?.queueRequests ?? Number.NaN)),
  figure('SNS calls', (result) => printUnits(figuresOf(result)?.publishCalls ?? Number.NaN)),
  figure('handler CPU ms', (result) => printUnits(figuresOf(result)?.handlerCpuMs ?? Number.NaN)),
  figure('system CPU ms', (result) => printUnits(systemCpuMsOf(result) ?? Number.NaN)),
  figure('dollars per million', (result) => printDollars(dollarsOf(result))),
];

/** Of one case on one authority, where it was measured under several loads. */
export function loadSections(cases: readonly CaseResult[]): Section[] {
  const groups = distinct(cases.map(({ name, authority }) => `${name}, ${authority}`)).map((label) => ({
    label,
    results: cases.filter((result) => `${result.name}, ${result.authority}` === label && isTimed(result)),
  }));
  return groups
    .filter(({ results }) => new Set(results.map(({ load }) => printLoad(load))).size > 1)
    .map(({ label, results }, index) => sectionOf(label, results, `load${index === 0 ? '' : index + 1}.svg`));
}

function sectionOf(label: string, results: readonly CaseResult[], fileName: string): Section {
  const closed = medianRuns(results)
    .filter(({ load }) => load.kind === 'under-way')
    .toSorted((one, other) => countOf(one) - countOf(other));
  const hasChart = closed.length > 1;
  return {
    title: `${TITLE}: ${escapeMarkdown(label)}`,
    paragraphs: [markdownTable(COLUMNS, results), ...(hasChart ? [image(TITLE, fileName)] : [])],
    charts: hasChart ? { [fileName]: chart(closed) } : {},
  };
}

function chart(results: readonly CaseResult[]): string {
  const series = (name: string, measureOf: (result: CaseResult) => number | undefined): Series => ({
    name,
    points: results.flatMap((result) => {
      const value = measureOf(result);
      return value === undefined ? [] : [[countOf(result), value] as const];
    }),
  });
  const panels: Panel[] = [
    {
      title: 'Payments per second',
      series: [series('payments/s', ({ transfersPerSecond }) => transfersPerSecond)],
      print: printCount,
    },
    {
      title: 'Time of a whole payment',
      series: [series('p50', ({ times }) => times.whole.p50), series('p99', ({ times }) => times.whole.p99)],
      print: printDuration,
    },
    {
      title: 'Units of a payment',
      series: [
        series('write units', (result) => figuresOf(result)?.writeUnits),
        series('read units', (result) => figuresOf(result)?.readUnits),
      ],
      print: printUnits,
    },
    {
      title: 'CPU milliseconds of a payment',
      series: [
        series('the system', systemCpuMsOf),
        series('handlers', (result) => figuresOf(result)?.handlerCpuMs),
      ],
      print: printUnits,
    },
    {
      title: 'Dollars per million payments',
      series: [series('dollars', dollarsOf)],
      print: printCount,
    },
  ];
  return lineChart({
    title: TITLE,
    axisTitle: 'payments under way',
    printX: printCount,
    panels: panels.filter((panel) => panel.series.some(({ points }) => points.length > 0)),
  });
}

function countOf({ load }: CaseResult): number {
  return load.kind === 'under-way' ? load.count : 0;
}

function figure(title: string, cell: (result: CaseResult) => string): Column<CaseResult> {
  return { title, isFigure: true, cell };
}

function printPair({ p50, p99 }: { readonly p50: number; readonly p99: number }): string {
  return `${printDuration(p50)} / ${printDuration(p99)}`;
}

function printDollars(dollars = Number.NaN): string {
  return Number.isFinite(dollars) ? dollars.toFixed(2) : '—';
}
