/** The design's budgets for the local run under a load, each with its measurement. */

import type { CaseResult } from '../case-result.ts';
import { type Load, pace, printLoad, underWay } from '../load.ts';
import { type BudgetLine, budgetLine } from './budget-line.ts';
import { figuresOf, isTimed } from './case-figures.ts';
import { systemCpuMsOf } from './load-figures.ts';

interface LoadBudget {
  readonly caseName: string;
  readonly load: Load;
  /** The fewest measured payments for which it holds. */
  readonly transferCount: number;
  readonly limits: readonly Limit[];
}

/** What the budgets are about, of one case under one load; per payment where there is a number for each. */
export interface MeasuredLoad
  extends Pick<CaseResult, 'name' | 'load' | 'transferCount' | 'transfersPerSecond'> {
  /** In milliseconds. */
  readonly times: Readonly<Record<'prepared' | 'credited', { readonly p50: number; readonly p99: number }>>;
  readonly handlerCpuMs: number | undefined;
  readonly systemCpuMs: number | undefined;
  readonly writeUnits: number | undefined;
  readonly readUnits: number | undefined;
}

interface Limit {
  readonly quantity: string;
  readonly measure: (load: MeasuredLoad) => number | undefined;
  readonly most?: number;
  readonly least?: number;
}

const SPEED: Limit['measure'] = ({ transfersPerSecond }) => transfersPerSecond;
const FULL = 4_000;

const LOAD_BUDGETS: readonly LoadBudget[] = [
  {
    caseName: 'many-to-many',
    load: pace(1),
    transferCount: 10,
    limits: [
      { quantity: 'ms to PreparedTransfer, p50', measure: ({ times }) => times.prepared.p50, most: 50 },
      { quantity: 'ms to PreparedTransfer, p99', measure: ({ times }) => times.prepared.p99, most: 250 },
      { quantity: 'ms from commit to credit, p50', measure: ({ times }) => times.credited.p50, most: 50 },
      { quantity: 'ms from commit to credit, p99', measure: ({ times }) => times.credited.p99, most: 250 },
    ],
  },
  {
    caseName: 'many-to-many',
    load: underWay(64),
    transferCount: 1_000,
    limits: [{ quantity: 'payments/s', measure: SPEED, least: 200 }],
  },
  {
    caseName: 'many-to-many',
    load: underWay(FULL),
    transferCount: FULL,
    limits: [
      { quantity: 'handler CPU ms a payment', measure: ({ handlerCpuMs }) => handlerCpuMs, most: 1.3 },
      { quantity: 'system CPU ms a payment', measure: ({ systemCpuMs }) => systemCpuMs, most: 3.5 },
      { quantity: 'write units', measure: ({ writeUnits }) => writeUnits, most: 8 },
      { quantity: 'read units', measure: ({ readUnits }) => readUnits, most: 2.7 },
      { quantity: 'payments/s', measure: SPEED, least: 350 },
    ],
  },
  ...['one-to-many', 'many-to-one'].map((caseName) => ({
    caseName,
    load: underWay(FULL),
    transferCount: FULL,
    limits: [{ quantity: 'payments/s', measure: SPEED, least: 350 }],
  })),
];

export function loadBudgetLines(result: CaseResult): BudgetLine[] {
  const figures = figuresOf(result);
  return isTimed(result)
    ? linesOf(`${result.name}, ${printLoad(result.load)} (${result.authority})`, {
        ...result,
        handlerCpuMs: figures?.handlerCpuMs,
        systemCpuMs: systemCpuMsOf(result),
        writeUnits: figures?.writeUnits,
        readUnits: figures?.readUnits,
      })
    : [];
}

/** Only where the load was measured with enough payments. */
export function linesOf(subject: string, measuredLoad: MeasuredLoad): BudgetLine[] {
  const budgets = LOAD_BUDGETS.filter(
    ({ caseName, load, transferCount }) =>
      caseName === measuredLoad.name &&
      printLoad(load) === printLoad(measuredLoad.load) &&
      measuredLoad.transferCount >= transferCount,
  );
  return budgets.flatMap(({ limits }) =>
    limits.flatMap(({ quantity, measure, most, least }) => {
      const measured = measure(measuredLoad);
      return measured === undefined ? [] : [budgetLine(subject, quantity, { measured, most, least })];
    }),
  );
}
