/** How many transfers complete per second, and how long each takes. */

import type { CaseResult } from '../case-result.ts';
import { STEP_NAMES, STEPS, type Step } from '../payment-times.ts';
import type { Percentiles } from '../percentiles.ts';
import { barChart } from './bar-chart.ts';
import { isTimed } from './case-figures.ts';
import { percentileChart } from './percentile-chart.ts';
import { printCount, printDuration, UNKNOWN } from './printed-figures.ts';
import { CASE_COLUMNS, distinct, headingsOf, image, type Section } from './section.ts';
import { type Column, escapeMarkdown, markdownTable } from './tables.ts';

/** The table shows so many faults; the list of faults has all. */
const FAULTS_IN_CELL = 2;
const [THROUGHPUT, LATENCY] = ['Transfers per second', 'How long a payment and its steps take'];
/** One line in a row for each. */
const CHARTED: readonly Step[] = ['prepared', 'finalized', 'credited', 'whole'];

const COLUMNS: readonly Column<CaseResult>[] = [
  ...CASE_COLUMNS,
  { title: 'transfers', isFigure: true, cell: ({ transferCount }) => printCount(transferCount) },
  { title: 'accounts', isFigure: true, cell: ({ accountCount }) => printCount(accountCount) },
  { title: 'transfers/s', isFigure: true, cell: printSpeed },
  ...STEP_NAMES.map((step) => ({
    title: `${step} p50 / p90 / p99`,
    isFigure: true,
    cell: (row: CaseResult) => printTimes(row, row.times[step]),
  })),
  { title: 'result', cell: verdict },
];

export function throughputSection(cases: readonly CaseResult[]): Section | undefined {
  if (cases.length === 0) {
    return undefined;
  }
  const timed = cases.filter(isTimed);
  const titles = distinct(
    cases.map(({ name, title }) => `- **${escapeMarkdown(name)}**: ${escapeMarkdown(title)}`),
  );
  const charts = { 'throughput.svg': throughputChart(timed), 'latency.svg': latencyChart(timed) };
  return {
    title: 'Throughput and latency',
    paragraphs: [
      markdownTable(COLUMNS, cases),
      titles.join('\n'),
      STEP_NAMES.map((step) => `- **${step}**: ${STEPS[step]}`).join('\n'),
      'Payments that warm the system up come before and are not measured. Where very many are under way, most of a time is waiting for those before.',
      ...(timed.length === 0 ? [] : [image(THROUGHPUT, 'throughput.svg'), image(LATENCY, 'latency.svg')]),
    ],
    charts: timed.length === 0 ? {} : charts,
  };
}

export function printSpeed(result: CaseResult): string {
  return isTimed(result) ? printCount(result.transfersPerSecond) : UNKNOWN;
}

function printTimes(result: CaseResult, { p50, p90, p99, max }: Percentiles): string {
  return isTimed(result) && max > 0 ? [p50, p90, p99].map(printDuration).join(' / ') : UNKNOWN;
}

function verdict({ faults }: CaseResult): string {
  if (faults.length === 0) {
    return 'passed';
  }
  const more = faults.length - FAULTS_IN_CELL;
  const told = faults.slice(0, FAULTS_IN_CELL).join('; ');
  return `✗ ${told}${more > 0 ? `; and ${more} more` : ''}`;
}

function throughputChart(cases: readonly CaseResult[]): string {
  return barChart({
    title: THROUGHPUT,
    axisTitle: 'transfers/s',
    pieces: ['transfers/s'],
    printTick: printCount,
    bars: cases.map((result) => ({
      ...headingsOf(result),
      values: [result.transfersPerSecond],
      note: printSpeed(result),
    })),
  });
}

function latencyChart(cases: readonly CaseResult[]): string {
  return percentileChart({
    title: LATENCY,
    kinds: CHARTED,
    rows: cases.map((result) => ({
      ...headingsOf(result),
      times: CHARTED.map((step) => result.times[step]),
    })),
  });
}
