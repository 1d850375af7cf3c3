/**
 * Credits committed transfers to their recipients: one conditional transaction writes the account and up to 99 transfers.
 * Fed by the stream of the transfers table, and by the sweep, which finds what the stream has left undone.
 */

import { type Account, type AccountKey, livingAccount, printAccountKey } from '../rules/account.ts';
import { credit, type Recipient } from '../rules/credit.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import type { Circumstances } from '../rules/settings.ts';
import { hasStatus, type Transfer } from '../rules/transfer.ts';
import { type LedgerStore, printRecordKey } from '../storage/ledger-store.ts';
import { committedTransferOf, type StreamRecord, sequenceNumberOf } from '../storage/stream-record.ts';
import { changeAccounts, type Group, type GroupWork } from './account-groups.ts';
import type { Decided } from './change-account.ts';
import { groupBy, inSlices } from './concurrency.ts';
import { rootKeyOf } from './currency-terms.ts';
import type { Invocation } from './invocation.ts';
import { type BatchOutcome, reasonOf, type UnreadableRecord } from './stream-batch.ts';

type CommittedTransfer = Transfer<'committed'>;

/** What crediting is decided from. */
interface CreditState extends Recipient {
  /** Those of the slice that are still to be credited; all of them where that is not known. */
  readonly uncredited?: readonly CommittedTransfer[];
}

interface DecidedCredits extends Decided {
  readonly recipient: Recipient;
}

/** As many as one read takes. Not more are read ahead: what is read long before its commit is likely to be out of date. */
const ACCOUNTS_IN_RUN = 100;

/** Credits the transfers that the records report as committed; other records are done at once. */
export async function creditRecords(
  records: readonly StreamRecord[],
  invocation: Invocation,
): Promise<BatchOutcome> {
  const { telemetry } = invocation;
  const read: { readonly sequenceNumber: string; readonly transfer: CommittedTransfer }[] = [];
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
  const transfers = read.map(({ transfer }) => transfer);
  const left = new Set((await creditRecipients(transfers, invocation)).map(printRecordKey));
  const failed = read.filter(({ transfer }) => left.has(printRecordKey(transfer)));
  return { failed: new Set(failed.map(({ sequenceNumber }) => sequenceNumber)), unreadable };
}

/** @returns the transfers that could not be credited now; all others are credited, by this call or before it */
export function creditRecipients(
  transfers: readonly CommittedTransfer[],
  invocation: Invocation,
): Promise<readonly CommittedTransfer[]> {
  // A batch may hold a record twice, but a transaction can write an item only once.
  const unique = new Map(transfers.map((transfer) => [printRecordKey(transfer), transfer]));
  const groups = groupBy(unique.values(), (transfer) => printAccountKey(recipientOf(transfer)));
  return changeAccounts(inSlices(groups.values(), ACCOUNTS_IN_RUN), workOf(invocation), invocation);
}

function workOf({
  store,
  settings,
  surroundings,
  telemetry,
}: Invocation): GroupWork<CommittedTransfer, CreditState, DecidedCredits> {
  return {
    name: 'Credits',
    returned: 'Transfers could not be credited now.',
    accountOf: recipientOf,
    preload: async (run) => {
      const recipientAt = await loadRecipients(run.map(keyOf), store);
      return (group) => recipientAt(keyOf(group));
    },
    // At first the transfers are taken as they were delivered: to read them again would cost more than the condition of
    // their write, which notices what was credited meanwhile. After a lost race they are read, and credited ones left out.
    load: async (slice, _rest, time) => {
      const [recipientAt, uncredited] = await Promise.all([
        loadRecipients([keyOf(slice)], store),
        time === 'first' ? slice : loadCommitted(slice, store),
      ]);
      return { ...recipientAt(keyOf(slice)), uncredited };
    },
    decide: ({ uncredited, ...recipient }, slice) =>
      decideCredits(recipient, uncredited ?? slice, { now: surroundings.now(), settings }),
    stateAfter: ({ recipient }, account) => ({ ...recipient, account }),
    reportOutcomes: (_slice, { change }) => telemetry.count('Credits.applied', change.records.length),
  };
}

function decideCredits(
  recipient: Recipient,
  transfers: readonly CommittedTransfer[],
  circumstances: Circumstances,
): DecidedCredits {
  const { key, account: before } = recipient;
  if (transfers.length === 0) {
    return { recipient, change: { key, before, after: before, records: [] } };
  }
  const { account: after, records } = credit(recipient, transfers, circumstances);
  const originals = new Map(transfers.map((transfer) => [printRecordKey(transfer), transfer]));
  const changes = records.map((record) => ({ before: originals.get(printRecordKey(record)), after: record }));
  return { recipient, change: { key, before, after, records: changes } };
}

/** Only an account that is created or brought back needs its currency's terms, and starts on them. */
async function loadRecipients(
  keys: readonly AccountKey[],
  store: LedgerStore,
): Promise<(key: AccountKey) => Recipient> {
  const accounts = await store.loadAccounts(keys, { consistent: true });
  const accountOf = (key: AccountKey): Account | undefined => accounts.get(printAccountKey(key));
  const opening = keys.filter((key) => livingAccount(accountOf(key)) === undefined);
  const rootKeys = opening.map(({ debtorId }) => rootKeyOf(debtorId));
  const roots = await store.loadAccounts(rootKeys, { consistent: false });
  return (key) => {
    const terms = termsOfCurrency(roots.get(printAccountKey(rootKeyOf(key.debtorId))));
    return { key, account: accountOf(key), terms };
  };
}

async function loadCommitted(
  slice: readonly CommittedTransfer[],
  store: LedgerStore,
): Promise<readonly CommittedTransfer[]> {
  const records = await store.loadRecords(slice, { consistent: true });
  return [...records.values()].filter((record) => hasStatus(record, 'committed'));
}

function keyOf(group: Group<CommittedTransfer>): AccountKey {
  return recipientOf(group[0] as CommittedTransfer);
}

function recipientOf({ sender, recipientId }: CommittedTransfer): AccountKey {
  return { debtorId: sender.debtorId, creditorId: recipientId };
}
