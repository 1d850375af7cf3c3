/** One busy account under more and more concurrent invocations: its throughput, and whether other accounts wait. */

import type { ContentionResult } from '../contention.ts';
import { lineChart } from './line-chart.ts';
import { printCount, printDuration } from './printed-figures.ts';
import { image, type Section } from './section.ts';
import { type Column, markdownTable } from './tables.ts';

const TITLE = 'A busy account';

const COLUMNS: readonly Column<ContentionResult>[] = [
  figure('concurrent invocations', ({ concurrency }) => printCount(concurrency)),
  figure('messages/s', ({ messagesPerSecond }) => printCount(messagesPerSecond)),
  figure('commits', ({ commits }) => printCount(commits)),
  figure('conflicts', ({ conflicts }) => printCount(conflicts)),
  figure('conflicts per commit', ({ conflicts, commits }) => printCount(conflicts / commits)),
  figure('returned to the queue', ({ returned }) => printCount(returned)),
  figure('other accounts p50', ({ bystandersMs }) => printDuration(bystandersMs.p50)),
  figure('other accounts p99', ({ bystandersMs }) => printDuration(bystandersMs.p99)),
  figure('other accounts max', ({ bystandersMs }) => printDuration(bystandersMs.max)),
];

export function contentionSection(contention: readonly ContentionResult[]): Section | undefined {
  if (contention.length === 0) {
    return undefined;
  }
  return {
    title: TITLE,
    paragraphs: [
      'Every second message is for one account, the others for accounts that are not busy, in the same batches. In virtual time, with DynamoDB’s conflicts injected and latencies that are assumed, so these figures say how throughput changes, not how much AWS would do.',
      markdownTable(COLUMNS, contention),
      image(TITLE, 'contention.svg'),
    ],
    charts: { 'contention.svg': chart(contention) },
  };
}

function figure(title: string, cell: (row: ContentionResult) => string): Column<ContentionResult> {
  return { title, isFigure: true, cell };
}

function chart(contention: readonly ContentionResult[]): string {
  const series = (name: string, measureOf: (row: ContentionResult) => number) => [
    { name, points: contention.map((row) => [row.concurrency, measureOf(row)] as const) },
  ];
  return lineChart({
    title: TITLE,
    axisTitle: 'concurrent invocations',
    printX: printCount,
    panels: [
      {
        title: 'Messages per second of the busy account',
        series: series('messages/s', ({ messagesPerSecond }) => messagesPerSecond),
        print: printCount,
      },
      {
        title: 'Other accounts’ messages, p99',
        series: series('p99', ({ bystandersMs }) => bystandersMs.p99),
        print: printDuration,
      },
    ],
  });
}
