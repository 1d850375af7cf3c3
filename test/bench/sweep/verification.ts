/** Checks every item of the table: the sweep must have done all due work and nothing else. */

import { type SweepCase, stateOfItem } from './cases.ts';
import type { DatabaseFile } from './database-file.ts';
import type { Plan } from './population.ts';

export interface Verification {
  /** Items with due work that was done correctly. */
  readonly doneCount: number;
  /** Items with due work that was not done. */
  readonly missedCount: number;
  /** Items that were changed without due work. */
  readonly unwantedCount: number;
  /** Items that were changed wrongly, or that do not belong to the population. */
  readonly wrongCount: number;
  /** Items that no longer exist. */
  readonly lostCount: number;
  readonly examples: readonly string[];
}

const MAX_EXAMPLES = 5;

/** Compares every item of the table with its expected state in the case. */
export function verifySweep(
  database: DatabaseFile,
  { table, stateBefore, stateAfter }: SweepCase,
  expectedItemCount: number,
  plan: Plan,
): Verification {
  const found = { done: 0, missed: 0, unwanted: 0, wrong: 0, all: 0 };
  const examples: string[] = [];
  for (const item of database.items(table)) {
    const { number, state } = stateOfItem(table, item);
    const [before, after] = [stateBefore(number, plan), stateAfter(number, plan)];
    found.all += 1;
    if (state === after) {
      found.done += before === after ? 0 : 1;
      continue;
    }
    const fault = state === before ? 'missed' : before === after ? 'unwanted' : 'wrong';
    found[fault] += 1;
    if (examples.length < MAX_EXAMPLES) {
      examples.push(`${fault}: ${state} instead of ${after}`);
    }
  }
  return {
    doneCount: found.done,
    missedCount: found.missed,
    unwantedCount: found.unwanted,
    wrongCount: found.wrong,
    lostCount: Math.max(0, expectedItemCount - found.all),
    examples,
  };
}
