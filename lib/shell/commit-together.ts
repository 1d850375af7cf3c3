/**
 * First attempts for several accounts in one transaction: most of what a small change takes is the call. Each account's change
 * is as conditional as it would be alone, and one that was not committed here is decided about anew and tried by itself, so
 * an account that is busy makes others lose their first try and nothing else.
 */

import type { Account } from '../rules/account.ts';
import { type Change, itemCountOf, type LedgerStore } from '../storage/ledger-store.ts';
import { countFailure } from './retry.ts';
import { measured, type Telemetry } from './telemetry.ts';

/** Of so many items the call is a small part; and of more, more would be lost together. */
const MAX_ITEMS_TOGETHER = 33;
/** An account with more than a few messages at once is likely to be busy, and to lose races: nobody should lose them with it. */
const MAX_ITEMS_OF_ONE = 8;

/** Something that begins with the attempt to commit a change; without one, somebody else has to read and decide first. */
export interface Attempt {
  readonly change: Change | undefined;
}

/** Puts together what is to be tried in one transaction. Most of what is alone is so because it is no less dear together. */
export function inTransactions<T extends Attempt>(attempts: readonly T[]): readonly (readonly T[])[] {
  const alone = attempts.filter((attempt) => !canBeTogether(attempt)).map((attempt) => [attempt]);
  const together: T[][] = [];
  let itemCount = MAX_ITEMS_TOGETHER;
  for (const attempt of attempts.filter(canBeTogether)) {
    const count = countOf(attempt);
    itemCount += count;
    if (itemCount > MAX_ITEMS_TOGETHER) {
      together.push([]);
      itemCount = count;
    }
    together.at(-1)?.push(attempt);
  }
  return [...alone, ...together];
}

/** A single item needs no transaction, and costs half as much without. */
function canBeTogether(attempt: Attempt): boolean {
  const count = countOf(attempt);
  return count > 1 && count <= MAX_ITEMS_OF_ONE;
}

function countOf({ change }: Attempt): number {
  return change === undefined ? 0 : itemCountOf(change);
}

/** @returns the accounts as they are now stored, in the order of the changes; `undefined` when nothing was committed */
export async function tryTogether(
  changes: readonly Change[],
  { store, telemetry }: { readonly store: LedgerStore; readonly telemetry: Telemetry },
): Promise<readonly (Account | undefined)[] | undefined> {
  try {
    const accounts = await measured(telemetry, 'Commit', () => store.commitTogether(changes));
    telemetry.count('Commits');
    return accounts;
  } catch (error) {
    // Whatever else went wrong goes wrong again for the account that it is about, and is told there.
    countFailure(error, telemetry);
    telemetry.count('Retries', changes.length);
    return undefined;
  }
}
