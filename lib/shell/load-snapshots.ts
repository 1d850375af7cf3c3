/** Reads what deciding about messages takes, for a whole batch at once. */

import { parseAccountId } from '../protocol/account-ids.ts';
import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import type { IncomingMessage } from '../protocol/messages.ts';
import {
  type Account,
  type AccountKey,
  isRootAccount,
  livingAccount,
  printAccountKey,
} from '../rules/account.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import { recordIdOf } from '../rules/decide.ts';
import { isReachableAccount } from '../rules/reachability.ts';
import type { Snapshot } from '../rules/snapshot.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import type { CorruptItemError } from '../storage/errors.ts';
import type { LedgerStore } from '../storage/ledger-store.ts';
import type { LoadedItems } from '../storage/loaded-items.ts';
import { printRecordKey, type RecordKey } from '../storage/record-keys.ts';
import { groupBy } from './concurrency.ts';
import { rootKeyOf } from './currency-terms.ts';

export interface LoadedBatch {
  /**
   * What deciding about the account's messages takes, without those that have a fault.
   * @throws {CorruptItemError} when the account can't be read
   */
  readonly snapshotOf: (key: AccountKey) => Snapshot;
  /** Why an item that the message needs can't be read. Other messages for the account may need only readable items. */
  readonly faultOf: (message: IncomingMessage) => CorruptItemError | undefined;
}

/** The accounts to which transfers are to be prepared, by printed account key. */
export type Recipients = LoadedItems<Account>;

/** The read may be a little old, since it only tells whether these accounts can be reached. */
export function loadRecipients(
  store: LedgerStore,
  messages: readonly IncomingMessage[],
): Promise<Recipients> {
  return store.loadAccounts(messages.flatMap(recipientOf), { consistent: false });
}

export interface BatchToLoad {
  readonly messages: readonly IncomingMessage[];
  /** `again` after a lost race. */
  readonly time: 'first' | 'again';
  /** When the recipients of these messages are read together with others. */
  readonly recipients?: Promise<Recipients>;
}

/**
 * Reads the accounts of the messages consistently, since what is answered without a write must be true. The `first` time,
 * items of requests may be a little old, because the condition of their write notices a copy that was missed. Items to
 * finalize may not, because a missed one would be ignored. Root accounts that are read for their terms may.
 */
export async function loadBatch(
  store: LedgerStore,
  { messages, time, recipients = loadRecipients(store, messages) }: BatchToLoad,
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
  return batchOf({ accounts, reachable, roots, records: [probableRecords, certainRecords] });
}

interface LoadedParts {
  readonly accounts: LoadedItems<Account>;
  readonly reachable: Recipients;
  readonly roots: LoadedItems<Account>;
  readonly records: readonly LoadedItems<TransferRecord>[];
}

function batchOf({ accounts, reachable, roots, records }: LoadedParts): LoadedBatch {
  const recordsBySender = groupBy(
    records.flatMap((loaded) => [...loaded.values()]),
    ({ sender }) => printAccountKey(sender),
  );
  const hasFaults = [accounts, reachable, roots, ...records].some((loaded) => loaded.hasFaults);
  return {
    snapshotOf: (key) => {
      const [printed, rootKey] = [key, rootKeyOf(key.debtorId)].map(printAccountKey) as [string, string];
      const ownRecords = recordsBySender.get(printed) ?? [];
      return {
        key,
        account: accounts.get(printed),
        records: new Map(ownRecords.map((record) => [record.transferId, record])),
        // Messages that need the terms of an unreadable root account have a fault.
        terms: termsOfCurrency(accounts.readable(rootKey) ?? roots.readable(rootKey)),
        isReachable: (creditorId) => {
          const recipient = reachable.get(printAccountKey({ debtorId: key.debtorId, creditorId }));
          return isReachableAccount(creditorId, recipient);
        },
      };
    },
    faultOf: (message) => {
      if (!hasFaults) {
        return undefined;
      }
      // Only an account that is created or brought back needs its currency's terms.
      const isOpen = livingAccount(accounts.readable(printAccountKey(message))) !== undefined;
      return (
        accounts.faultOf(printAccountKey(message)) ??
        firstFault(recordKeys([message]).map(printRecordKey), records) ??
        firstFault(recipientOf(message).map(printAccountKey), [reachable]) ??
        firstFault(isOpen ? [] : rootOf(message).map(printAccountKey), [accounts, roots])
      );
    },
  };
}

function firstFault(
  keys: readonly string[],
  places: readonly LoadedItems<unknown>[],
): CorruptItemError | undefined {
  const faults = keys.flatMap((key) => places.map((place) => place.faultOf(key)));
  return faults.find((fault) => fault !== undefined);
}

function recordKeys(messages: readonly IncomingMessage[]): RecordKey[] {
  return messages.flatMap((message) => {
    const transferId = recordIdOf(message);
    return transferId === undefined ? [] : [{ sender: message, transferId }];
  });
}

/** The recipient of a transfer to prepare. Root accounts need no read: they are always reachable. */
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
  const isNeeded = message.type === 'ConfigureAccount' && !isRootAccount(message);
  return isNeeded ? [rootKeyOf(message.debtorId)] : [];
}
