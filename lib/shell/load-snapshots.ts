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

/** The accounts that transfers are to be prepared to, those that exist, by printed account key. */
export type Recipients = ReadonlyMap<string, Account>;

/** They are just looked at, to see whether they can be reached, so what is read may be of the past. */
export function loadRecipients(
  store: LedgerStore,
  messages: readonly IncomingMessage[],
): Promise<Recipients> {
  return store.loadAccounts(messages.flatMap(recipientOf), { consistent: false });
}

/**
 * The accounts of the messages are always read consistently: what is answered without a write must be true. Items of
 * requests may be read from the past the `first` time, since the condition of their write notices a copy that was missed;
 * items to finalize may not, since one that was missed would be ignored. Root accounts whose terms are wanted may.
 * @param recipients of these messages, and of others, where somebody reads them for a larger batch at once
 */
export async function loadBatch(
  store: LedgerStore,
  messages: readonly IncomingMessage[],
  time: 'first' | 'again',
  recipients: Promise<Recipients> = loadRecipients(store, messages),
): Promise<LoadedBatch> {
  const isLastWord = (message: IncomingMessage): boolean =>
    time === 'again' || message.type === 'FinalizeTransfer';
  const certain = recordKeys(messages.filter(isLastWord));
  const probable = recordKeys(messages.filter((message) => !isLastWord(message)));
  const [accounts, reachable, roots, probableRecords, certainRecords] = await Promise.all([
    store.loadAccounts(messages, { consistent: true }),
    recipients,
    store.loadAccounts(messages.flatMap(rootOf), { consistent: false }),
    store.loadRecords(probable, { consistent: false }),
    store.loadRecords(certain, { consistent: true }),
  ]);
  const records = groupRecords([...probableRecords, ...certainRecords], [...probable, ...certain]);
  return {
    snapshotOf: (key) => {
      const rootKey = printAccountKey({ debtorId: key.debtorId, creditorId: ROOT_CREDITOR_ID });
      return {
        key,
        account: accounts.get(printAccountKey(key)),
        records: records.get(printAccountKey(key)) ?? new Map(),
        terms: termsOfCurrency(accounts.get(rootKey) ?? roots.get(rootKey)),
        isReachable: (creditorId) =>
          isReachableAccount(
            creditorId,
            reachable.get(printAccountKey({ debtorId: key.debtorId, creditorId })),
          ),
      };
    },
  };
}

function recordKeys(messages: readonly IncomingMessage[]): RecordKey[] {
  return messages.flatMap((message) => {
    const transferId = recordIdOf(message);
    return transferId === undefined ? [] : [{ sender: message, transferId }];
  });
}

/** The recipient of a transfer to prepare; root accounts are always reachable. */
function recipientOf(message: IncomingMessage): AccountKey[] {
  if (message.type !== 'PrepareTransfer') {
    return [];
  }
  const creditorId = parseAccountId(message.recipient);
  return creditorId === undefined || creditorId === ROOT_CREDITOR_ID
    ? []
    : [{ debtorId: message.debtorId, creditorId }];
}

/** The root account on whose terms a new account starts. */
function rootOf(message: IncomingMessage): AccountKey[] {
  return message.type !== 'ConfigureAccount' || isRootAccount(message)
    ? []
    : [{ debtorId: message.debtorId, creditorId: ROOT_CREDITOR_ID }];
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
