/** The parts of documents that are printed from the measured figures, by the names that documents call them by. */

import { costOfIdleStack } from '../cost/cost-model.ts';
import { printCases, printCounts, printIdle } from '../cost/cost-tables.ts';
import { DIRECTLY_FED } from '../direct-authority.ts';
import { LOCAL_RUN } from '../stack-authority.ts';
import { printBudgets, printCpu, printDirect, printLoads, printReference } from './benchmark-blocks.ts';
import { printNeeds } from './capacity-blocks.ts';
import { printBill, printSummary, printSyntheticPayments } from './cost-blocks.ts';
import type { Figure } from './figures.ts';

export type Block = (figures: readonly Figure[]) => string;

const countsOf = (figures: readonly Figure[]) => figures.map(({ counts }) => counts);
const locally = (figures: readonly Figure[]) => figures.filter(({ authority }) => authority === LOCAL_RUN);
const directly = (figures: readonly Figure[]) =>
  figures.filter(({ authority }) => authority === DIRECTLY_FED);

export const BLOCKS: Readonly<Record<string, Block>> = {
  reference: (figures) => printReference(locally(figures)),
  loads: (figures) => printLoads(locally(figures)),
  budgets: (figures) => printBudgets(locally(figures)),
  cpu: (figures) => printCpu(locally(figures)),
  direct: (figures) => printDirect(directly(figures)),
  'cost-summary': (figures) => printSummary(locally(figures)),
  'cost-loads': (figures) => printCases(countsOf(locally(figures))),
  'cost-loads-counts': (figures) => printCounts(countsOf(locally(figures))),
  'cost-direct': (figures) => printCases(countsOf(directly(figures))),
  'cost-bill': (figures) => printBill(locally(figures)),
  'cost-idle': () =>
    printIdle([1_000, 1_000_000].map((accounts) => [accounts, costOfIdleStack({ accounts })])),
  'cost-synthetic': (figures) => printSyntheticPayments(locally(figures)),
  needs: (figures) => printNeeds({ local: locally(figures), direct: directly(figures) }),
};
