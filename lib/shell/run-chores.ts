/** Announces the deferred balance changes of accounts whose delay has passed. A chore that comes twice does nothing. */

import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import { announcePendingUpdate } from '../rules/announce-account.ts';
import type { LoadedItems } from '../storage/loaded-items.ts';
import { decideAndCommit } from './change-account.ts';
import { parseChore } from './chore-queue.ts';
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
      return [{ messageId, account: parseChore(body) }];
    } catch (error) {
      telemetry.warn('A chore can not be read.', { messageId, error });
      unreadable.push(messageId);
      return [];
    }
  });
  const groups = [...groupBy(chores, ({ account }) => printAccountKey(account)).values()];
  const keys = chores.map(({ account }) => account);
  // The first read may be a little old, which costs half: usually the delay has long passed, and the write is conditional. When
  // it fails, or shows nothing to announce, each account is read alone, with retries.
  const accounts = await measured(telemetry, 'Load', () =>
    store.loadAccounts(keys, { consistent: false }),
  ).catch(() => undefined);
  const failed = await mapConcurrently(groups, ACCOUNTS_AT_ONCE, async (group) => {
    const [first] = group;
    if (!hasTime()) {
      telemetry.count('Chores.postponed', group.length);
    } else if (first === undefined || (await tryAnnounce(first.account, accounts, invocation))) {
      return [];
    }
    return group.map(({ messageId }) => messageId);
  });
  return [...unreadable, ...failed.flat()];
}

async function tryAnnounce(
  key: AccountKey,
  loaded: LoadedItems<Account> | undefined,
  invocation: Invocation,
): Promise<boolean> {
  const { store, surroundings, telemetry } = invocation;
  try {
    await decideAndCommit(
      {
        load: async (time) => {
          const isPending = loaded?.get(printAccountKey(key))?.pendingUpdateSince !== undefined;
          return time === 'first' && loaded !== undefined && isPending
            ? loaded
            : store.loadAccounts([key], { consistent: true });
        },
        decide: (accounts) => {
          const before = accounts.get(printAccountKey(key));
          const after = before && announcePendingUpdate(before, surroundings.now());
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
