/** What one transfer costs: capacity units, commits, calls, and the handlers' CPU time. */

import type { CaseResult } from '../case-result.ts';
import { budgetOf, type CaseFigures, figuresOf } from './case-figures.ts';
import { printCount, printUnits, UNKNOWN } from './printed-figures.ts';
import { CASE_COLUMNS, columnsOf, type Section } from './section.ts';
import { type Column, markdownTable } from './tables.ts';

interface Row {
  readonly result: CaseResult;
  readonly figures: CaseFigures;
}

const COLUMNS: readonly Column<Row>[] = [
  ...columnsOf(CASE_COLUMNS, ({ result }: Row) => result),
  {
    title: 'write units',
    isFigure: true,
    cell: ({ result, figures }) => withBudget(figures.writeUnits, budgetOf(result)?.writeUnits),
  },
  {
    title: 'read units',
    isFigure: true,
    cell: ({ result, figures }) => withBudget(figures.readUnits, budgetOf(result)?.readUnits),
  },
  figure('commits', ({ commits }) => printCount(commits)),
  figure('commits per message', ({ commitsPerMessage }) => printCount(commitsPerMessage)),
  figure('conflicts', ({ conflicts }) => printCount(conflicts)),
  figure('retries', ({ retries }) => printCount(retries)),
  figure('invocations', ({ invocations }) => printCount(invocations)),
  figure('SNS publish calls', ({ publishCalls }) => printCount(publishCalls)),
  figure('SQS calls, counted', ({ queueCalls }) => printCount(queueCalls)),
  figure('SQS requests, derived', ({ queueRequests }) => printCount(queueRequests)),
  figure('handler CPU ms per message', ({ handlerCpuMsPerMessage }) => printUnits(handlerCpuMsPerMessage)),
  figure('peak memory MB', ({ biggestFunction }) =>
    biggestFunction === undefined
      ? UNKNOWN
      : `${printCount(biggestFunction.peakMemoryMB)} (${biggestFunction.name})`,
  ),
];

const NOTES = [
  '- Units, commits and calls are those of all functions, with the AccountUpdates that follow the payments. A commit is one transaction that was written.',
  '- A message is one incoming message; a transfer has two, PrepareTransfer and FinalizeTransfer.',
  '- SQS calls, counted: those that functions make themselves, for chores and for the dead-letter queue. Not counted: what clients send, and what Lambda itself receives and deletes. Derived: all that AWS would bill for, with each message sent by itself and received and deleted in tens or as many as an invocation got; without polling empty queues.',
  '- Handlers that are fed directly share one thread with what feeds them, so that its CPU time counts as theirs, and their memory is the whole thread’s.',
  '- Peak memory is the heap of the function that has the most, while the authority was running: also in cases before.',
];

/** Cases with unknown usage are omitted. */
export function transferSection(cases: readonly CaseResult[]): Section | undefined {
  const rows = cases.flatMap((result) => {
    const figures = figuresOf(result);
    return figures === undefined ? [] : [{ result, figures }];
  });
  return rows.length === 0
    ? undefined
    : {
        title: 'What one transfer takes',
        paragraphs: [markdownTable(COLUMNS, rows), NOTES.join('\n')],
        charts: {},
      };
}

function figure(title: string, print: (figures: CaseFigures) => string): Column<Row> {
  return { title, isFigure: true, cell: ({ figures }) => print(figures) };
}

function withBudget(units: number, budget: number | undefined): string {
  return budget === undefined
    ? printUnits(units)
    : `${printUnits(units)} (≤ ${budget} ${units <= budget ? '✓' : '✗'})`;
}
