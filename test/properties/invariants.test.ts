/** Random operations leave the invariants intact; they are listed, and checked, in `invariants.ts`. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Invariants } from './invariants.ts';
import { LedgerModel } from './ledger-model.ts';
import { anOperation, type Operation, openAccounts } from './operations.ts';

interface Tally {
  sent: number;
  deadLetters: number;
  decided: number;
}

/** Runs the operations on a new ledger; the error of a broken invariant carries the log of what was done. */
function play(operations: readonly Operation[], tally: Tally): void {
  const invariants = new Invariants();
  const model = new LedgerModel((write) => invariants.observe(write));
  const sent: string[] = [];
  const log: string[] = [];
  let openingCount = 0;
  try {
    openAccounts(model);
    openingCount = invariants.outcomeCount;
    for (const [index, operation] of operations.entries()) {
      const sentBefore = sent.length;
      log.push(`${index + 1}. at ${model.now}: ${operation.name}`);
      operation.run(model, sent);
      log.push(...sent.slice(sentBefore).map((body) => `     ${body.slice(0, 400)}`));
      invariants.checkState(model);
    }
    settle(model);
    invariants.checkState(model);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nOperations:\n${log.join('\n')}`, { cause: error });
  }
  expect(model.deadLetters.length + invariants.outcomeCount - openingCount).toBe(sent.length);
  tally.sent += sent.length;
  tally.deadLetters += model.deadLetters.length;
  tally.decided += invariants.outcomeCount;
}

/** Everything under way arrives: nothing is left that was committed and not credited, and all is announced. */
function settle(model: LedgerModel): void {
  for (const transfer of model.committed) {
    model.credit([transfer]);
  }
  for (const account of model.accounts) {
    model.announce(account);
  }
  expect(model.committed).toStrictEqual([]);
  expect(model.accounts.filter((account) => account.pendingUpdateSince !== undefined)).toStrictEqual([]);
}

describe('ten thousand random messages, valid and broken', () => {
  it('leave the invariants intact, and none is unaccounted for', () => {
    const tally: Tally = { sent: 0, deadLetters: 0, decided: 0 };
    fc.assert(
      fc.property(fc.array(anOperation, { minLength: 1, maxLength: 200, size: 'max' }), (operations) =>
        play(operations, tally),
      ),
      { numRuns: 100 },
    );
    expect(tally.sent).toBeGreaterThan(10_000);
    expect(tally.deadLetters).toBeGreaterThan(300);
  });
});
