/** What the measured cases would cost on AWS, by the cost model. */

import type { CaseResult } from '../case-result.ts';
import { totalOf } from '../cost/cost-line.ts';
import { costOfIdleStack } from '../cost/cost-model.ts';
import { printCases, printCounts, printLines } from '../cost/cost-tables.ts';
import { countsOfCase } from '../cost/counted-case.ts';
import { PRICES_LOOKED_UP_ON, PRICES_REGION } from '../cost/prices.ts';
import { printCount } from './printed-figures.ts';
import type { Section } from './section.ts';

const IDLE_ACCOUNTS = 1_000;
const MANY_ACCOUNTS = 1_000_000;

/** Omitted if no case has a known usage, since then no cost was measured. */
export function costSection(cases: readonly CaseResult[]): Section | undefined {
  const counts = cases.flatMap((result) => {
    const known = countsOfCase(result);
    return known === undefined ? [] : [{ ...known, name: `${result.name}, ${result.authority}` }];
  });
  if (counts.length === 0) {
    return undefined;
  }
  const dollars = totalOf(costOfIdleStack({ accounts: MANY_ACCOUNTS })).toFixed(2);
  return {
    title: 'Cost',
    paragraphs: [
      `Prices of ${PRICES_REGION}, looked up on ${PRICES_LOOKED_UP_ON}, without free tiers. Units, calls and CPU time are measured, invocations as they came here; waiting for AWS, and its own calls, are assumed.`,
      printCases(counts),
      printCounts(counts),
      'A stack without payments:',
      printLines(
        `a month, idle, ${printCount(IDLE_ACCOUNTS)} accounts`,
        costOfIdleStack({ accounts: IDLE_ACCOUNTS }),
      ),
      `With ${printCount(MANY_ACCOUNTS)} accounts it is $${dollars}.`,
    ],
    charts: {},
  };
}
