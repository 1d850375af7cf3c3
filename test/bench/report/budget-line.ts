/** One budget with its measurement. Which budgets there are is in budgets.ts and load-budgets.ts. */

import { printCount, printUnits } from './printed-figures.ts';

export interface BudgetLine {
  /** The thing that must keep the budget. */
  readonly subject: string;
  readonly quantity: string;
  readonly limit: number;
  /** Whether the limit is the least that is allowed, instead of the most. */
  readonly isLeast: boolean;
  readonly measured: number;
  readonly isKept: boolean;
}

interface Measurement {
  readonly measured: number;
  readonly most?: number | undefined;
  readonly least?: number | undefined;
}

/** @param measurement has one of the two limits */
export function budgetLine(
  subject: string,
  quantity: string,
  { measured, most, least = 0 }: Measurement,
): BudgetLine {
  const isLeast = most === undefined;
  const limit = most ?? least;
  return {
    subject,
    quantity,
    limit,
    isLeast,
    measured,
    isKept: isLeast ? measured >= limit : measured <= limit,
  };
}

/** @returns such as `≤ 2.7` or `≥ 350` */
export function printLimit({ limit, isLeast }: BudgetLine): string {
  if (isLeast) {
    return `≥ ${printCount(limit)}`;
  }
  return `${limit === 0 ? '' : '≤ '}${printCount(limit)}`;
}

/** @returns such as `bundle sweep-accounts: 1,100 kilobytes, budget ≤ 1,024` */
export function printExceeded(line: BudgetLine): string {
  const { subject, quantity, measured } = line;
  return `${subject}: ${printUnits(measured)} ${quantity}, budget ${printLimit(line)}`;
}
