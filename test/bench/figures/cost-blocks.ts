/** The parts of docs/cost.md that are printed from the measured figures. */

import { totalOf } from '../cost/cost-line.ts';
import { costOfCase, costOfIdleStack } from '../cost/cost-model.ts';
import { printLines } from '../cost/cost-tables.ts';
import { costOfSyntheticPayments, SYNTHETIC_PAYMENT_MINUTES } from '../cost/synthetic-payments.ts';
import { isOneByOne } from '../load.ts';
import { type Figure, titleOf } from './figures.ts';

const IDLE_ACCOUNTS = 1_000;

/** One sentence. */
export function printSummary(figures: readonly Figure[]): string {
  const dollars = figures.map(({ counts }) => totalOf(costOfCase(counts)));
  const idle = totalOf(costOfIdleStack({ accounts: IDLE_ACCOUNTS }));
  const alone = figureOfLoneTransfer(figures);
  const synthetic = alone && totalOf(costOfSyntheticPayments(alone.counts, SYNTHETIC_PAYMENT_MINUTES)) + idle;
  return (
    `**$${Math.min(...dollars).toFixed(2)} to $${Math.max(...dollars).toFixed(2)} per million transfers, depending on how many ` +
    `share a batch, and about $${idle.toFixed(2)} a month for an idle stack, or $${synthetic?.toFixed(2)} with synthetic ` +
    'payments, which are on unless you turn them off.**'
  );
}

/** A million transfers that share nothing, line by line. */
export function printBill(figures: readonly Figure[]): string {
  const figure = figureOfLoneTransfer(figures);
  return figure === undefined ? '' : printLines(`a million, ${titleOf(figure)}`, costOfCase(figure.counts));
}

export function printSyntheticPayments(figures: readonly Figure[]): string {
  const figure = figureOfLoneTransfer(figures);
  return figure === undefined
    ? ''
    : printLines(
        'a month, synthetic payments',
        costOfSyntheticPayments(figure.counts, SYNTHETIC_PAYMENT_MINUTES),
      );
}

/** The slowest load, under which nothing is shared. */
export function figureOfLoneTransfer(figures: readonly Figure[]): Figure | undefined {
  return figures.find(({ load }) => isOneByOne(load));
}
