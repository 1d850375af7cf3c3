/** Announces the balance changes of accounts whose folding delay has passed. A chore that comes twice does nothing. */

import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import { announcePendingUpdate } from '../rules/announce-account.ts';
import type { LedgerStore } from '../storage/ledger-store.ts';
import type { IncomingDelivery } from './account-messages.ts';
import { parseChore } from './chore-queue.ts';
import { groupBy, mapConcurrently } from './concurrency.ts';
import { withRetries } from './retry.ts';
import type { Surroundings } from './surroundings.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface ChoreTools {
  readonly store: LedgerStore;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
  /** Whether there is time to begin with something more; what is not begun comes again. */
  readonly hasTime: () => boolean;
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
  const keys = chores.map(({ account }) => account);
  // The first look may be at the past, which costs half: usually the delay has long passed, and the write is conditional. When
  // the look fails, or shows nothing to announce, each account is read by itself, with its own retries.
  const accounts = await measured(tools.telemetry, 'Load', () =>
    tools.store.loadAccounts(keys, { consistent: false }),
  ).catch(() => undefined);
  const failed = await mapConcurrently(groups, ACCOUNTS_AT_ONCE, async (group) => {
    const [first] = group;
    if (!tools.hasTime()) {
      tools.telemetry.count('Chores.postponed', group.length);
    } else if (first === undefined || (await tryAnnounce(first.account, accounts, tools))) {
      return [];
    }
    return group.map(({ messageId }) => messageId);
  });
  return [...unreadable, ...failed.flat()];
}

type LoadedAccounts = ReadonlyMap<string, Account>;

async function tryAnnounce(
  key: AccountKey,
  loaded: LoadedAccounts | undefined,
  tools: ChoreTools,
): Promise<boolean> {
  const { store, surroundings, telemetry } = tools;
  const readAgain = () => measured(telemetry, 'Load', () => store.loadAccounts([key], { consistent: true }));
  try {
    await withRetries(
      async (attempt) => {
        const seen = attempt === 0 ? loaded : undefined;
        const isPending = seen?.get(printAccountKey(key))?.pendingUpdateSince !== undefined;
        await announce(key, seen !== undefined && isPending ? seen : await readAgain(), tools);
      },
      surroundings,
      telemetry,
    );
    return true;
  } catch (error) {
    telemetry.warn('A chore goes back to the queue.', { account: printAccountKey(key), error });
    return false;
  }
}

async function announce(
  key: AccountKey,
  accounts: LoadedAccounts,
  { store, surroundings, telemetry }: ChoreTools,
): Promise<void> {
  const before = accounts.get(printAccountKey(key));
  const after = before && announcePendingUpdate(before, surroundings.now());
  if (after !== before) {
    await measured(telemetry, 'Commit', () => store.commit({ key, before, after, records: [] }));
    telemetry.count('Commits');
  }
}
