/** Reads, for a whole batch of messages at once, all that deciding about them takes. */

import { parseAccountId } from '../protocol/account-ids.ts';
import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import type { IncomingMessage } from '../protocol/messages.ts';
import { type Account, type AccountKey, isRootAccount, printAccountKey } from '../rules/account.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import { recordIdOf } from '../rules/decide.ts';
import { isReachableAccount } from '../rules/reachability.ts';
import type { Snapshot } from '../rules/snapshot.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { type LedgerStore, printRecordKey, type RecordKey } from '../storage/ledger-store.ts';

export interface LoadedBatch {
  readonly snapshotOf: (key: AccountKey) => Snapshot;
}

/**
 * The accounts of the messages are always read consistently: what is answered without a write must be true. Items of
 * requests may be read from the past the `first` time, since the condition of their write notices a copy that was missed;
 * items to finalize may not, since one that was missed would be ignored. Other accounts may, they are just looked at.
 */
export async function loadBatch(
  store: LedgerStore,
  messages: readonly IncomingMessage[],
  time: 'first' | 'again',
): Promise<LoadedBatch> {
  const isLastWord = (message: IncomingMessage): boolean =>
    time === 'again' || message.type === 'FinalizeTransfer';
  const certain = recordKeys(messages.filter(isLastWord));
  const probable = recordKeys(messages.filter((message) => !isLastWord(message)));
  const [accounts, others, probableRecords, certainRecords] = await Promise.all([
    store.loadAccounts(messages, { consistent: true }),
    store.loadAccounts(messages.flatMap(accountsLookedAt), { consistent: false }),
    store.loadRecords(probable, { consistent: false }),
    store.loadRecords(certain, { consistent: true }),
  ]);
  const records = groupRecords([...probableRecords, ...certainRecords], [...probable, ...certain]);
  return { snapshotOf: (key) => snapshotOf(key, accounts, others, records.get(printAccountKey(key))) };
}

function recordKeys(messages: readonly IncomingMessage[]): RecordKey[] {
  return messages.flatMap((message) => {
    const transferId = recordIdOf(message);
    return transferId === undefined ? [] : [{ sender: message, transferId }];
  });
}

/** Recipients of transfers to prepare, and the root accounts whose terms a new account starts on. */
function accountsLookedAt(message: IncomingMessage): AccountKey[] {
  const { debtorId } = message;
  switch (message.type) {
    case 'PrepareTransfer': {
      const creditorId = parseAccountId(message.recipient);
      return creditorId === undefined || creditorId === ROOT_CREDITOR_ID ? [] : [{ debtorId, creditorId }];
    }
    case 'ConfigureAccount':
      return isRootAccount(message) ? [] : [{ debtorId, creditorId: ROOT_CREDITOR_ID }];
    case 'FinalizeTransfer':
      return [];
    default:
      return message satisfies never;
  }
}

function groupRecords(
  loaded: readonly (readonly [string, TransferRecord])[],
  keys: readonly RecordKey[],
): Map<string, Map<bigint, TransferRecord>> {
  const byKey = new Map(loaded);
  const groups = new Map<string, Map<bigint, TransferRecord>>();
  for (const key of keys) {
    const record = byKey.get(printRecordKey(key));
    if (record !== undefined) {
      const account = printAccountKey(key.sender);
      const group = groups.get(account) ?? new Map<bigint, TransferRecord>();
      groups.set(account, group.set(key.transferId, record));
    }
  }
  return groups;
}

function snapshotOf(
  key: AccountKey,
  accounts: ReadonlyMap<string, Account>,
  others: ReadonlyMap<string, Account>,
  records: ReadonlyMap<bigint, TransferRecord> = new Map(),
): Snapshot {
  const { debtorId } = key;
  const rootKey = printAccountKey({ debtorId, creditorId: ROOT_CREDITOR_ID });
  return {
    key,
    account: accounts.get(printAccountKey(key)),
    records,
    terms: termsOfCurrency(accounts.get(rootKey) ?? others.get(rootKey)),
    isReachable: (creditorId) =>
      isReachableAccount(creditorId, others.get(printAccountKey({ debtorId, creditorId }))),
  };
}
