/** Whether a sweep did all that was due and nothing else: by looking at every item of the table. */

import { type SweepCase, stateOfItem } from './cases.ts';
import type { DatabaseFile } from './database-file.ts';
import type { Plan } from './population.ts';

export interface Verification {
  /** How many items something was due for, and was done as it must be. */
  readonly doneCount: number;
  /** Something was due, and nothing was done. */
  readonly missedCount: number;
  /** Nothing was due, and something was done. */
  readonly unwantedCount: number;
  /** Something was due, and something else was done; or the item is none of the population. */
  readonly wrongCount: number;
  /** Items that are not there any more. */
  readonly lostCount: number;
  readonly examples: readonly string[];
}

const MAX_EXAMPLES = 5;

/** Compares every item of the table with what the case says it must be. */
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
