/**
 * Credits committed transfers to their recipients: in one conditional transaction the account and up to 99 transfers. Fed
 * by the stream of the transfers table, and by the sweep for what the stream did not get done.
 */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import { credit } from '../rules/credit.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import type { Transfer } from '../rules/transfer.ts';
import { type LedgerStore, MAX_RECORDS_IN_COMMIT, printRecordKey } from '../storage/ledger-store.ts';
import { groupBy, inSlices, mapConcurrently } from './concurrency.ts';
import { withRetries } from './retry.ts';
import type { Surroundings } from './surroundings.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface CreditTools {
  readonly store: LedgerStore;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
}

/** What an attempt starts from. */
interface LoadedCredit {
  readonly recipient: Account | undefined;
  readonly transfers: readonly Transfer[];
}

const ACCOUNTS_AT_ONCE = 16;

/** @returns the transfers that could not be credited now; all others are credited, by this call or before it */
export async function creditRecipients(
  transfers: readonly Transfer[],
  tools: CreditTools,
): Promise<readonly Transfer[]> {
  // A record may be delivered twice in one batch, but can be written only once in a transaction.
  const committed = new Map(
    transfers
      .filter(({ status }) => status === 'committed')
      .map((transfer) => [printRecordKey(transfer), transfer]),
  );
  const groups = [
    ...groupBy(committed.values(), (transfer) => printAccountKey(recipientOf(transfer))).values(),
  ];
  const results = await mapConcurrently(groups, ACCOUNTS_AT_ONCE, (group) => creditGroup(group, tools));
  return results.flat();
}

/** All transfers to one account, in slices that fit into a transaction. */
async function creditGroup(group: readonly Transfer[], tools: CreditTools): Promise<readonly Transfer[]> {
  const slices = inSlices(group, MAX_RECORDS_IN_COMMIT);
  for (const [index, slice] of slices.entries()) {
    try {
      await creditSlice(slice, tools);
    } catch (error) {
      const failed = slices.slice(index).flat();
      tools.telemetry.count('Credits.returned', failed.length);
      tools.telemetry.warn('Transfers could not be credited now.', {
        account: failed[0] && printAccountKey(recipientOf(failed[0])),
        count: failed.length,
        error,
      });
      return failed;
    }
  }
  return [];
}

async function creditSlice(slice: readonly Transfer[], tools: CreditTools): Promise<void> {
  const { store, surroundings, telemetry } = tools;
  const [first] = slice;
  if (first === undefined) {
    return;
  }
  const key = recipientOf(first);
  await withRetries(
    async (number) => {
      const { recipient, transfers } = await measured(telemetry, 'Load', () =>
        load(key, slice, number, store),
      );
      if (transfers.length === 0) {
        return;
      }
      const terms = termsOfCurrency(await loadRootIfNeeded(key, recipient, store));
      const decision = await measured(telemetry, 'Decide', () =>
        credit(key, recipient, transfers, terms, surroundings.now()),
      );
      const before = new Map(transfers.map((transfer) => [printRecordKey(transfer), transfer]));
      const records = decision.records.map((after) => ({ before: before.get(printRecordKey(after)), after }));
      await measured(telemetry, 'Commit', () =>
        store.commit({ key, before: recipient, after: decision.account, records }),
      );
      telemetry.count('Commits');
      telemetry.count('Credits.applied', transfers.length);
    },
    surroundings,
    telemetry,
  );
}

/**
 * At first the transfers are taken as they were delivered: reading them again would cost more than the condition of their
 * write, which notices what was credited meanwhile. After a lost race they are read, and the credited ones left out.
 */
async function load(
  key: AccountKey,
  slice: readonly Transfer[],
  attempt: number,
  store: LedgerStore,
): Promise<LoadedCredit> {
  const [accounts, records] = await Promise.all([
    store.loadAccounts([key], { consistent: true }),
    attempt === 0 ? undefined : store.loadRecords(slice, { consistent: true }),
  ]);
  const transfers = records === undefined ? slice : [...records.values()].filter(isCommittedTransfer);
  return { recipient: accounts.get(printAccountKey(key)), transfers };
}

function isCommittedTransfer(record: { kind: string; status?: string }): record is Transfer {
  return record.kind === 'transfer' && record.status === 'committed';
}

/** Only an account that is created or brought back starts on the currency's terms. */
async function loadRootIfNeeded(
  { debtorId }: AccountKey,
  recipient: Account | undefined,
  store: LedgerStore,
): Promise<Account | undefined> {
  if (recipient !== undefined && recipient.deletedAt === undefined) {
    return undefined;
  }
  const rootKey = { debtorId, creditorId: ROOT_CREDITOR_ID };
  return (await store.loadAccounts([rootKey], { consistent: false })).get(printAccountKey(rootKey));
}

function recipientOf({ sender, recipientId }: Transfer): AccountKey {
  return { debtorId: sender.debtorId, creditorId: recipientId };
}
