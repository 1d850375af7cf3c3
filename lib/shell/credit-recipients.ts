/**
 * Credits committed transfers to their recipients: in one conditional transaction the account and up to 99 transfers. Fed
 * by the stream of the transfers table, and by the sweep for what the stream did not get done.
 */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import { credit } from '../rules/credit.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import { hasStatus, type Transfer } from '../rules/transfer.ts';
import {
  type Change,
  type LedgerStore,
  MAX_RECORDS_IN_COMMIT,
  printRecordKey,
} from '../storage/ledger-store.ts';
import { committedTransferOf, type StreamRecord, sequenceNumberOf } from '../storage/stream-record.ts';
import { groupBy, inSlices, mapConcurrently } from './concurrency.ts';
import { withRetries } from './retry.ts';
import type { Attempt, SharedTransactions } from './shared-transactions.ts';
import { type BatchOutcome, reasonOf, type UnreadableRecord } from './stream-batch.ts';
import type { Surroundings } from './surroundings.ts';
import { measured, type Telemetry } from './telemetry.ts';

export interface CreditTools {
  readonly store: LedgerStore;
  readonly transactions: SharedTransactions;
  readonly surroundings: Surroundings;
  readonly telemetry: Telemetry;
}

/** The account to credit as it was read, or as the slice before has left it. */
interface KnownRecipient {
  readonly account: Account | undefined;
}

/** As many as one read takes. Not more are read ahead: what was read long before its commit is likely to be out of date. */
const ACCOUNTS_IN_RUN = 100;
const RUNS_AT_ONCE = 3;

/** Credits those of the records that tell of a commit; others are none of our business, and done with. */
export async function creditRecords(
  records: readonly StreamRecord[],
  tools: CreditTools,
): Promise<BatchOutcome> {
  const { telemetry } = tools;
  const read: { readonly sequenceNumber: string; readonly transfer: Transfer<'committed'> }[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const record of records) {
    const sequenceNumber = sequenceNumberOf(record);
    try {
      const transfer = committedTransferOf(record);
      read.push(...(transfer === undefined ? [] : [{ sequenceNumber, transfer }]));
    } catch (error) {
      unreadable.push({ sequenceNumber, reason: reasonOf(error) });
      telemetry.count('Records.unreadable');
      telemetry.warn('A stream record can not be read.', { sequenceNumber, error });
    }
  }
  const left = await creditRecipients(
    read.map(({ transfer }) => transfer),
    tools,
  );
  const keys = new Set(left.map(printRecordKey));
  const failed = read.filter(({ transfer }) => keys.has(printRecordKey(transfer)));
  return { failed: new Set(failed.map(({ sequenceNumber }) => sequenceNumber)), unreadable };
}

/** @returns the transfers that could not be credited now; all others are credited, by this call or before it */
export async function creditRecipients(
  transfers: readonly Transfer<'committed'>[],
  tools: CreditTools,
): Promise<readonly Transfer<'committed'>[]> {
  // A record may be delivered twice in one batch, but can be written only once in a transaction.
  const committed = new Map(transfers.map((transfer) => [printRecordKey(transfer), transfer]));
  const groups = groupBy(committed.values(), (transfer) => printAccountKey(recipientOf(transfer)));
  const runs = inSlices([...groups], ACCOUNTS_IN_RUN);
  return (await mapConcurrently(runs, RUNS_AT_ONCE, (run) => creditRun(run, tools))).flat();
}

/** The transfers to an account, and what was decided about the first of them. */
interface GroupAttempt extends Attempt {
  readonly group: readonly Transfer<'committed'>[];
  /** `undefined` when the account is still to be read. */
  readonly recipient: KnownRecipient | undefined;
}

/** The transfers to some accounts, a group each, with the accounts read at once. */
async function creditRun(
  groups: readonly (readonly [string, readonly Transfer<'committed'>[]])[],
  tools: CreditTools,
): Promise<readonly Transfer<'committed'>[]> {
  const keys = groups.flatMap(([, [first]]) => (first === undefined ? [] : [recipientOf(first)]));
  // When this fails, each group reads for itself, with its own retries.
  const accounts = await measured(tools.telemetry, 'Load', () =>
    tools.store.loadAccounts(keys, { consistent: true }),
  ).catch(() => undefined);
  const attempts = await Promise.all(
    groups.map(([key, group]) => decideFirst(group, accounts && { account: accounts.get(key) }, tools)),
  );
  const results = await tools.transactions.run<GroupAttempt, readonly Transfer<'committed'>[]>(
    attempts,
    tools,
    {
      committed: ({ group }) => {
        tools.telemetry.count('Credits.applied', group.length);
        return [];
      },
      alone: ({ group, recipient }, state) =>
        creditGroup(group, state === 'untried' ? recipient : undefined, tools),
    },
  );
  return results.flat();
}

async function decideFirst(
  group: readonly Transfer<'committed'>[],
  recipient: KnownRecipient | undefined,
  tools: CreditTools,
): Promise<GroupAttempt> {
  // One whose currency's terms have to be read, or with several slices, goes on by itself.
  if (recipient === undefined || !isLiving(recipient.account) || group.length > MAX_RECORDS_IN_COMMIT) {
    return { group, recipient, change: undefined };
  }
  // What can't be decided is decided again where the group is credited by itself, so that no other fails with it.
  const change = await decideAbout(recipient, group, tools).catch(() => undefined);
  return { group, recipient, change };
}

/** All transfers to one account, in slices that fit into a transaction, each starting from what the one before has made. */
async function creditGroup(
  group: readonly Transfer<'committed'>[],
  preloaded: KnownRecipient | undefined,
  tools: CreditTools,
): Promise<readonly Transfer<'committed'>[]> {
  let known = preloaded;
  for (let start = 0; start < group.length; start += MAX_RECORDS_IN_COMMIT) {
    try {
      known = await creditSlice(group.slice(start, start + MAX_RECORDS_IN_COMMIT), known, tools);
    } catch (error) {
      const failed = group.slice(start);
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

/**
 * At first the transfers are taken as they were delivered: reading them again would cost more than the condition of their
 * write, which notices what was credited meanwhile. After a lost race they are read, and the credited ones left out.
 */
async function creditSlice(
  slice: readonly Transfer<'committed'>[],
  known: KnownRecipient | undefined,
  tools: CreditTools,
): Promise<KnownRecipient> {
  const { store, surroundings, telemetry } = tools;
  const key = recipientOf(slice[0] as Transfer<'committed'>);
  return withRetries(
    async (attempt) => {
      const isFirst = attempt === 0;
      const [recipient, transfers] = await measured(telemetry, 'Load', () =>
        Promise.all([
          isFirst && known !== undefined ? known : loadRecipient(key, store),
          isFirst ? slice : loadCommitted(slice, store),
        ]),
      );
      return transfers.length === 0 ? recipient : creditAndCommit(recipient, transfers, tools);
    },
    surroundings,
    telemetry,
  );
}

async function creditAndCommit(
  recipient: KnownRecipient,
  transfers: readonly Transfer<'committed'>[],
  tools: CreditTools,
): Promise<KnownRecipient> {
  const { store, telemetry } = tools;
  const change = await decideAbout(recipient, transfers, tools);
  const account = await measured(telemetry, 'Commit', () => store.commit(change));
  telemetry.count('Commits');
  telemetry.count('Credits.applied', transfers.length);
  return { account };
}

async function decideAbout(
  { account: before }: KnownRecipient,
  transfers: readonly Transfer<'committed'>[],
  { store, surroundings, telemetry }: CreditTools,
): Promise<Change> {
  const key = recipientOf(transfers[0] as Transfer<'committed'>);
  const terms = termsOfCurrency(await loadRootIfNeeded(key, before, store));
  return measured(telemetry, 'Decide', () => {
    const { account: after, records } = credit(
      { key, account: before, terms },
      transfers,
      surroundings.now(),
    );
    const originals = new Map(transfers.map((transfer) => [printRecordKey(transfer), transfer]));
    return {
      key,
      before,
      after,
      records: records.map((record) => ({ before: originals.get(printRecordKey(record)), after: record })),
    };
  });
}

async function loadRecipient(key: AccountKey, store: LedgerStore): Promise<KnownRecipient> {
  const accounts = await store.loadAccounts([key], { consistent: true });
  return { account: accounts.get(printAccountKey(key)) };
}

async function loadCommitted(
  slice: readonly Transfer<'committed'>[],
  store: LedgerStore,
): Promise<readonly Transfer<'committed'>[]> {
  const records = await store.loadRecords(slice, { consistent: true });
  return [...records.values()].filter((record) => hasStatus(record, 'committed'));
}

function isLiving(account: Account | undefined): boolean {
  return account !== undefined && account.deletedAt === undefined;
}

/** Only an account that is created or brought back starts on the currency's terms. */
async function loadRootIfNeeded(
  { debtorId }: AccountKey,
  recipient: Account | undefined,
  store: LedgerStore,
): Promise<Account | undefined> {
  if (isLiving(recipient)) {
    return undefined;
  }
  const rootKey = { debtorId, creditorId: ROOT_CREDITOR_ID };
  return (await store.loadAccounts([rootKey], { consistent: false })).get(printAccountKey(rootKey));
}

function recipientOf({ sender, recipientId }: Transfer): AccountKey {
  return { debtorId: sender.debtorId, creditorId: recipientId };
}
