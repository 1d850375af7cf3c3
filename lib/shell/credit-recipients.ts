/**
 * Credits committed transfers to their recipients: one conditional transaction writes the account and up to 99 transfers.
 * Fed by the stream of the transfers table, and by the sweep, which finds what the stream has left undone.
 */

import { type AccountKey, livingAccount, printAccountKey } from '../rules/account.ts';
import { credit as creditAccount, type Recipient } from '../rules/credit.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import type { Circumstances } from '../rules/settings.ts';
import { hasStatus, type Transfer, type TransferRecord } from '../rules/transfer.ts';
import type { CorruptItemError } from '../storage/errors.ts';
import type { LedgerStore } from '../storage/ledger-store.ts';
import type { LoadedItems } from '../storage/loaded-items.ts';
import { printRecordKey } from '../storage/record-keys.ts';
import { committedTransferOf, type StreamRecord, sequenceNumberOf } from '../storage/stream-record.ts';
import { changeAccounts, type Group, type GroupWork, type LeftItems } from './account-groups.ts';
import type { Decided } from './change-account.ts';
import { groupBy, inSlices } from './concurrency.ts';
import { rootKeyOf } from './currency-terms.ts';
import type { Invocation } from './invocation.ts';
import { type BatchOutcome, reasonOf, type UnreadableRecord } from './stream-batch.ts';

type CommittedTransfer = Transfer<'committed'>;

/** What crediting one account is decided from. */
interface CreditState {
  /** @throws {CorruptItemError} when an item that this takes can't be read */
  readonly recipient: () => Recipient;
  readonly recipientFault: CorruptItemError | undefined;
  /** The transfers of the slice as they are now. At first they are taken as they were delivered. */
  readonly records?: LoadedItems<TransferRecord> | undefined;
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
  const { returned, waiting } = await credit(transfers, invocation);
  const left = new Set(returned.map(printRecordKey));
  const reasons = new Map(waiting.map(({ item, error }) => [printRecordKey(item), reasonOf(error)]));
  for (const { sequenceNumber, transfer } of read) {
    const reason = reasons.get(printRecordKey(transfer));
    // The sweep makes the credit when the item is repaired. Meanwhile the record must not hold up its shard.
    unreadable.push(...(reason === undefined ? [] : [{ sequenceNumber, reason }]));
  }
  const failed = read.filter(({ transfer }) => left.has(printRecordKey(transfer)));
  return { failed: new Set(failed.map(({ sequenceNumber }) => sequenceNumber)), unreadable };
}

/** @returns the transfers that could not be credited now; all others are credited, by this call or before it */
export async function creditRecipients(
  transfers: readonly CommittedTransfer[],
  invocation: Invocation,
): Promise<readonly CommittedTransfer[]> {
  const { returned, waiting } = await credit(transfers, invocation);
  return [...returned, ...waiting.map(({ item }) => item)];
}

function credit(
  transfers: readonly CommittedTransfer[],
  invocation: Invocation,
): Promise<LeftItems<CommittedTransfer>> {
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
      const stateAt = await loadRecipients(run.map(keyOf), store);
      return (group) => stateAt(keyOf(group));
    },
    // To read the transfers again would cost more than the condition of their write, which notices what was credited
    // meanwhile. After a lost race they are read, and credited ones left out.
    load: async ({ slice, time }) => {
      const [stateAt, records] = await Promise.all([
        loadRecipients([keyOf(slice)], store),
        time === 'first' ? undefined : store.loadRecords(slice, { consistent: true }),
      ]);
      return { ...stateAt(keyOf(slice)), records };
    },
    faultOf: ({ recipientFault, records }, transfer) =>
      recipientFault ?? records?.faultOf(printRecordKey(transfer)),
    decide: ({ recipient, records }, slice) => {
      const uncredited = records === undefined ? slice : [...records.values()].filter(isCommitted);
      return decideCredits(recipient(), uncredited, { now: surroundings.now(), settings });
    },
    stateAfter: (_state, { recipient }, account) => ({
      recipient: () => ({ ...recipient, account }),
      recipientFault: undefined,
    }),
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
  const { account: after, records } = creditAccount(recipient, transfers, circumstances);
  const originals = new Map(transfers.map((transfer) => [printRecordKey(transfer), transfer]));
  const changes = records.map((record) => ({ before: originals.get(printRecordKey(record)), after: record }));
  return { recipient, change: { key, before, after, records: changes } };
}

/** Only an account that is created or brought back needs its currency's terms, and starts on them. */
async function loadRecipients(
  keys: readonly AccountKey[],
  store: LedgerStore,
): Promise<(key: AccountKey) => CreditState> {
  const accounts = await store.loadAccounts(keys, { consistent: true });
  const isOpening = (key: AccountKey): boolean =>
    livingAccount(accounts.readable(printAccountKey(key))) === undefined;
  const rootKeys = keys.filter(isOpening).map(({ debtorId }) => rootKeyOf(debtorId));
  const roots = await store.loadAccounts(rootKeys, { consistent: false });
  return (key) => {
    const [printed, rootKey] = [printAccountKey(key), printAccountKey(rootKeyOf(key.debtorId))];
    return {
      recipient: () => ({
        key,
        account: accounts.get(printed),
        terms: termsOfCurrency(roots.readable(rootKey)),
      }),
      recipientFault: accounts.faultOf(printed) ?? (isOpening(key) ? roots.faultOf(rootKey) : undefined),
    };
  };
}

function isCommitted(record: TransferRecord): record is CommittedTransfer {
  return hasStatus(record, 'committed');
}

function keyOf(group: Group<CommittedTransfer>): AccountKey {
  return recipientOf(group[0] as CommittedTransfer);
}

function recipientOf({ sender, recipientId }: CommittedTransfer): AccountKey {
  return { debtorId: sender.debtorId, creditorId: recipientId };
}
