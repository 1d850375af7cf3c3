/** Announces the balance changes of accounts whose folding delay has passed. A chore that comes twice does nothing. */

import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { announcePendingUpdate } from '../rules/announce-account.ts';
import type { LedgerStore } from '../storage/ledger-store.ts';
import { parseChore } from './chore-queue.ts';
import { groupBy, mapConcurrently } from './concurrency.ts';
import type { IncomingDelivery } from './process-messages.ts';
import { withRetries } from './retry.ts';
import type { Surroundings } from './surroundings.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface ChoreTools {
  readonly store: LedgerStore;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
}

const ACCOUNTS_AT_ONCE = 16;

/** @returns the IDs of the deliveries that are to come again */
export async function runChores(
  deliveries: readonly IncomingDelivery[],
  tools: ChoreTools,
): Promise<readonly string[]> {
  const unreadable: string[] = [];
  const chores = deliveries.flatMap(({ messageId, body }) => {
    try {
      return [{ messageId, account: parseChore(body) }];
    } catch (error) {
      tools.telemetry.warn('A chore can not be read.', { messageId, error });
      unreadable.push(messageId);
      return [];
    }
  });
  const groups = [...groupBy(chores, ({ account }) => printAccountKey(account)).values()];
  const failed = await mapConcurrently(groups, ACCOUNTS_AT_ONCE, async (group) => {
    const [first] = group;
    const isDone = first === undefined || (await tryAnnounce(first.account, tools));
    return isDone ? [] : group.map(({ messageId }) => messageId);
  });
  return [...unreadable, ...failed.flat()];
}

async function tryAnnounce(key: AccountKey, tools: ChoreTools): Promise<boolean> {
  try {
    await withRetries((attempt) => announce(key, attempt, tools), tools.surroundings, tools.telemetry);
    return true;
  } catch (error) {
    tools.telemetry.warn('A chore goes back to the queue.', { account: printAccountKey(key), error });
    return false;
  }
}

/** The first look may be at the past, which costs half: the delay has long passed, and the write is conditional. */
async function announce(
  key: AccountKey,
  attempt: number,
  { store, surroundings, telemetry }: ChoreTools,
): Promise<void> {
  const accounts = await measured(telemetry, 'Load', () =>
    store.loadAccounts([key], { consistent: attempt > 0 }),
  );
  const before = accounts.get(printAccountKey(key));
  const after = before && announcePendingUpdate(before, surroundings.now());
  if (after !== before) {
    await measured(telemetry, 'Commit', () => store.commit({ key, before, after, records: [] }));
    telemetry.count('Commits');
  }
}
