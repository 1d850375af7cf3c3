/** Who spent the CPU time: whether the handlers or the emulators of AWS set a measured limit. */

import type { CaseResult } from '../run-case.ts';
import type { CpuTimes } from '../usage.ts';
import { barChart } from './bar-chart.ts';
import { isBatched, isTimed } from './case-figures.ts';
import { printCount, printShare } from './printed-figures.ts';
import { CASE_COLUMNS, columnsOf, distinct, image, type Section } from './section.ts';
import { type Column, escapeMarkdown, markdownTable } from './tables.ts';

const PARTS: readonly { readonly name: string; readonly part: keyof CpuTimes }[] = [
  { name: 'handlers', part: 'handlers' },
  { name: 'table emulator', part: 'tableEmulator' },
  { name: 'queue emulator', part: 'queueEmulator' },
  { name: 'clients', part: 'clients' },
];
const TITLE = 'Who spent the CPU time';
/** From this share on, the processors were the bottleneck. */
const BUSY_SHARE = 0.7;

interface Row {
  readonly result: CaseResult;
  readonly cpu: CpuTimes;
}

export function cpuSection(cases: readonly CaseResult[], processors: number): Section | undefined {
  const rows = cases.flatMap((result) => {
    const cpu = result.usage?.cpu;
    return cpu === undefined || totalOf(cpu) <= 0 || !isTimed(result) ? [] : [{ result, cpu }];
  });
  if (rows.length === 0) {
    return undefined;
  }
  return {
    title: TITLE,
    paragraphs: [
      'CPU milliseconds for one transfer, and their share:',
      markdownTable(columns(processors), rows),
      ...findings(rows, processors),
      'The table emulator stands in for DynamoDB; the queue emulator for SQS and SNS, and for what invokes functions.',
      image(TITLE, 'cpu.svg'),
    ],
    charts: { 'cpu.svg': chart(rows) },
  };
}

function columns(processors: number): Column<Row>[] {
  return [
    ...columnsOf(CASE_COLUMNS, ({ result }: Row) => result),
    ...PARTS.map(({ name, part }) => ({
      title: name,
      isFigure: true,
      cell: ({ result, cpu }: Row) =>
        `${printCount(cpu[part] / result.transferCount)} (${printShare(cpu[part] / totalOf(cpu))})`,
    })),
    {
      title: 'total',
      isFigure: true,
      cell: ({ result, cpu }) => printCount(totalOf(cpu) / result.transferCount),
    },
    {
      title: 'processors busy',
      isFigure: true,
      cell: (row) => `${busyProcessors([row]).toFixed(1)} of ${processors}`,
    },
  ];
}

/** One sentence for each authority, about the cases with many concurrent transfers. */
function findings(rows: readonly Row[], processors: number): string[] {
  const batched = rows.filter(({ result }) => isBatched(result));
  return distinct(batched.map(({ result }) => result.authority)).map((authority) =>
    finding(
      authority,
      batched.filter(({ result }) => result.authority === authority),
      processors,
    ),
  );
}

function finding(authority: string, rows: readonly Row[], processors: number): string {
  const sum = (amountOf: (row: Row) => number) => rows.reduce((total, row) => total + amountOf(row), 0);
  const total = sum(({ cpu }) => totalOf(cpu));
  const handlers = sum(({ cpu }) => cpu.handlers);
  const emulators = sum(({ cpu }) => cpu.tableEmulator + cpu.queueEmulator);
  const transfers = sum(({ result }) => result.transferCount);
  const busy = busyProcessors(rows);
  const shares =
    `the emulators spent ${printShare(emulators / total)} of the CPU time, ` +
    `the handlers ${printShare(handlers / total)} and the clients ${printShare((total - handlers - emulators) / total)}, ` +
    `with ${busy.toFixed(1)} of ${processors} processors busy`;
  const alone =
    handlers > 0
      ? ` For the handlers’ CPU time alone, one processor could do ${printCount((transfers * 1_000) / handlers)} transfers a second.`
      : '';
  const limit = limitOf({ handlers, emulators, isBusy: busy >= BUSY_SHARE * processors });
  return `**${escapeMarkdown(authority)}**, where many transfers are under way at once: ${shares}${limit}.${alone}`;
}

interface Spent {
  readonly handlers: number;
  readonly emulators: number;
  readonly isBusy: boolean;
}

/** Says no more than the figures do: idle processors mean that something else was the bottleneck. */
function limitOf({ handlers, emulators, isBusy }: Spent): string {
  if (!isBusy) {
    return ': waiting, or a part that uses no second processor, limits more than all CPU time does';
  }
  return emulators > handlers
    ? ': the emulators, not the handlers, are the limit'
    : ': the handlers spent more than the emulators';
}

function busyProcessors(rows: readonly Row[]): number {
  const seconds = rows.reduce((sum, { result }) => sum + result.seconds, 0);
  return rows.reduce((sum, { cpu }) => sum + totalOf(cpu), 0) / (seconds * 1_000);
}

function totalOf(cpu: CpuTimes): number {
  return PARTS.reduce((sum, { part }) => sum + cpu[part], 0);
}

function chart(rows: readonly Row[]): string {
  return barChart({
    title: TITLE,
    axisTitle: 'share of all CPU time',
    pieces: PARTS.map(({ name }) => name),
    printTick: printShare,
    bars: rows.map(({ result, cpu }) => {
      const shares = PARTS.map(({ part }) => Math.max(0, cpu[part]) / totalOf(cpu));
      return {
        heading: result.name,
        subheading: result.authority,
        values: shares,
        pieceNotes: shares.map(printShare),
        note: `${printCount(totalOf(cpu) / result.transferCount)} ms per transfer`,
      };
    }),
  });
}
