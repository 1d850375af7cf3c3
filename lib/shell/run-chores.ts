/**
 * Announces the deferred balance changes of accounts whose delay has passed, unless a change has announced them meanwhile. A chore
 * that comes twice does nothing.
 */

import { type Account, printAccountKey } from '../rules/account.ts';
import { announcePendingSince } from '../rules/announce-account.ts';
import type { LoadedItems } from '../storage/loaded-items.ts';
import { decideAndCommit } from './change-account.ts';
import { type Chore, latestChore, parseChore } from './chore-queue.ts';
import { groupBy, mapConcurrently } from './concurrency.ts';
import type { Delivery, Invocation } from './invocation.ts';
import { measured } from './telemetry.ts';

const ACCOUNTS_AT_ONCE = 16;

/** @returns the IDs of the deliveries that are to come again */
export async function runChores(
  deliveries: readonly Delivery[],
  invocation: Invocation,
): Promise<readonly string[]> {
  const { store, telemetry, hasTime } = invocation;
  const unreadable: string[] = [];
  const chores = deliveries.flatMap(({ messageId, body }) => {
    try {
      return [{ messageId, ...parseChore(body) }];
    } catch (error) {
      telemetry.warn('A chore can not be read.', { messageId, error });
      unreadable.push(messageId);
      return [];
    }
  });
  const groups = [...groupBy(chores, ({ account }) => printAccountKey(account)).values()];
  const keys = chores.map(({ account }) => account);
  // Consistently, since most chores of busy accounts have nothing to do, which must be true. When it fails, each is read alone.
  const accounts = await measured(telemetry, 'Load', () =>
    store.loadAccounts(keys, { consistent: true }),
  ).catch(() => undefined);
  const failed = await mapConcurrently(groups, ACCOUNTS_AT_ONCE, async (group) => {
    if (!hasTime()) {
      telemetry.count('Chores.postponed', group.length);
    } else if (await tryAnnounce(latestChore(group), accounts, invocation)) {
      return [];
    }
    return group.map(({ messageId }) => messageId);
  });
  return [...unreadable, ...failed.flat()];
}

async function tryAnnounce(
  { account: key, since }: Chore,
  loaded: LoadedItems<Account> | undefined,
  invocation: Invocation,
): Promise<boolean> {
  const { store, surroundings, telemetry } = invocation;
  try {
    await decideAndCommit(
      {
        load: async (time) =>
          time === 'first' && loaded !== undefined ? loaded : store.loadAccounts([key], { consistent: true }),
        decide: (accounts) => {
          const before = accounts.get(printAccountKey(key));
          const after = before && announcePendingSince(before, since, surroundings.now());
          return { change: { key, before, after, records: [] } };
        },
      },
      invocation,
    );
    return true;
  } catch (error) {
    telemetry.warn('A chore goes back to the queue.', { account: printAccountKey(key), error });
    return false;
  }
}
