/** Reads what deciding about messages takes, for a whole batch at once. */

import { parseAccountId } from '../protocol/account-ids.ts';
import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import type { IncomingMessage } from '../protocol/messages.ts';
import { type Account, type AccountKey, isRootAccount, printAccountKey } from '../rules/account.ts';
import { termsOfCurrency } from '../rules/currency.ts';
import { recordIdOf } from '../rules/decide.ts';
import { isReachableAccount } from '../rules/reachability.ts';
import type { Snapshot } from '../rules/snapshot.ts';
import type { LedgerStore, RecordKey } from '../storage/ledger-store.ts';
import { groupBy } from './concurrency.ts';
import { rootKeyOf } from './currency-terms.ts';

export interface LoadedBatch {
  readonly snapshotOf: (key: AccountKey) => Snapshot;
}

/** The existing accounts to which transfers are to be prepared, by printed account key. */
export type Recipients = ReadonlyMap<string, Account>;

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
  const records = groupBy([...probableRecords.values(), ...certainRecords.values()], ({ sender }) =>
    printAccountKey(sender),
  );
  return {
    snapshotOf: (key) => {
      const rootKey = printAccountKey(rootKeyOf(key.debtorId));
      return {
        key,
        account: accounts.get(printAccountKey(key)),
        records: new Map((records.get(printAccountKey(key)) ?? []).map((one) => [one.transferId, one])),
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
