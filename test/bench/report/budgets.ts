/** The design's budgets, each with its measurement. Budgets without a measurement are omitted. */

import type { CaseResult } from '../case-result.ts';
import { MAX_GROWTH_MB } from '../memory-growth.ts';
import type { BenchResults, MemoryResult, RedeliveryResult } from '../results.ts';
import { type BudgetLine, budgetLine, printLimit } from './budget-line.ts';
import { budgetOf, type CaseFigures, figuresOf, isWhole, sharesBatches } from './case-figures.ts';
import { loadBudgetLines } from './load-budgets.ts';
import { messageCountOf } from './memory-section.ts';
import { printCount, printUnits } from './printed-figures.ts';
import type { Section } from './section.ts';
import { type Column, escapeMarkdown, markdownTable } from './tables.ts';

/** One megabyte. */
export const MAX_BUNDLE_KB = 1_024;
export const MAX_LOAD_MS = 150;
/** In batches, for one incoming message. */
const MAX_CPU_MS_PER_MESSAGE = 1;
/** Of one credit in a burst to one recipient. */
const CREDIT = { caseName: 'many-to-one', writeUnits: 2.2, readUnits: 0.5 };
/** Of one redelivered message. */
const REDELIVERED = { writeUnits: 0, readUnits: 2 };

export function budgetLines({ cases, redelivery, memory, bundles }: BenchResults): BudgetLine[] {
  return [
    ...cases.flatMap(unitLines),
    ...cases.flatMap(creditLines),
    ...cases.flatMap(loadBudgetLines),
    ...(redelivery === undefined ? [] : redeliveryLines(redelivery)),
    ...cpuLines(cases),
    ...(memory === undefined ? [] : memoryLines(memory)),
    ...bundles.flatMap(({ name, kilobytes, loadMs }) => [
      budgetLine(`bundle ${name}`, 'kilobytes', { measured: kilobytes, most: MAX_BUNDLE_KB }),
      budgetLine(`bundle ${name}`, 'load ms', { measured: loadMs, most: MAX_LOAD_MS }),
    ]),
  ];
}

const COLUMNS: readonly Column<BudgetLine>[] = [
  { title: 'what', cell: ({ subject }) => subject },
  { title: 'quantity', cell: ({ quantity }) => quantity },
  { title: 'budget', isFigure: true, cell: printLimit },
  { title: 'measured', isFigure: true, cell: ({ measured }) => printUnits(measured) },
  { title: 'kept', cell: ({ isKept }) => (isKept ? '✓' : '✗') },
];

export function budgetSection(results: BenchResults): Section | undefined {
  const lines = budgetLines(results);
  if (lines.length === 0) {
    return undefined;
  }
  const exceeded = lines.filter(({ isKept }) => !isKept);
  const smaller = distinctNames(results.cases.filter((result) => !isWhole(result)));
  return {
    title: 'Budgets',
    paragraphs: [
      exceeded.length === 0
        ? 'All that were measured are kept.'
        : `**${exceeded.length} of ${lines.length} are exceeded.**`,
      markdownTable(COLUMNS, lines),
      ...(smaller === ''
        ? []
        : [
            `Made with fewer transfers than the case has, so that its units can not be compared: ${smaller}.`,
          ]),
    ],
    charts: {},
  };
}

function unitLines(result: CaseResult): BudgetLine[] {
  const [figures, budget] = [figuresOf(result), budgetOf(result)];
  if (figures === undefined || budget === undefined) {
    return [];
  }
  const subject = `transfer, ${subjectOf(result)}`;
  return [
    budgetLine(subject, 'write units', { measured: figures.writeUnits, most: budget.writeUnits }),
    budgetLine(subject, 'read units', { measured: figures.readUnits, most: budget.readUnits }),
  ];
}

/** Unknown where the crediting function did not report its units. */
function creditLines(result: CaseResult): BudgetLine[] {
  const figures: CaseFigures | undefined = figuresOf(result);
  if (result.name !== CREDIT.caseName || !isWhole(result) || !((figures?.creditWriteUnits ?? 0) > 0)) {
    return [];
  }
  const subject = `credit, ${subjectOf(result)}`;
  return [
    budgetLine(subject, 'write units', { measured: figures?.creditWriteUnits ?? 0, most: CREDIT.writeUnits }),
    budgetLine(subject, 'read units', { measured: figures?.creditReadUnits ?? 0, most: CREDIT.readUnits }),
  ];
}

function redeliveryLines({ writeUnits, readUnits }: RedeliveryResult): BudgetLine[] {
  return [
    budgetLine('redelivered message', 'write units', { measured: writeUnits, most: REDELIVERED.writeUnits }),
    budgetLine('redelivered message', 'read units', { measured: readUnits, most: REDELIVERED.readUnits }),
  ];
}

/** Unknown where messages were lost before there were enough samples. */
function memoryLines(memory: MemoryResult): BudgetLine[] {
  const { growth } = memory;
  if (growth === undefined) {
    return [];
  }
  const subject = `memory, ${printCount(messageCountOf(memory))} messages`;
  return [budgetLine(subject, 'MB of growth', { measured: growth.growthMB, most: MAX_GROWTH_MB })];
}

/** For each authority, the case with the worst value. */
function cpuLines(cases: readonly CaseResult[]): BudgetLine[] {
  const dearest = new Map<string, BudgetLine>();
  for (const result of cases.filter(sharesBatches)) {
    const measured = figuresOf(result)?.handlerCpuMsPerMessage;
    if (measured === undefined || measured <= (dearest.get(result.authority)?.measured ?? -1)) {
      continue;
    }
    const subject = `message, at most: ${subjectOf(result)}`;
    dearest.set(
      result.authority,
      budgetLine(subject, 'handler CPU ms', { measured: measured, most: MAX_CPU_MS_PER_MESSAGE }),
    );
  }
  return [...dearest.values()];
}

function subjectOf({ name, authority }: CaseResult): string {
  return `${name} (${authority})`;
}

function distinctNames(cases: readonly CaseResult[]): string {
  return [...new Set(cases.map(({ name }) => escapeMarkdown(name)))].join(', ');
}
