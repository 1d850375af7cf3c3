/** The store's three operations on maps, for tests of the shell that are not about tables, races or failures. */

import { type Account, type AccountKey, printAccountKey } from '../../lib/rules/account.ts';
import type { TransferRecord } from '../../lib/rules/transfer.ts';
import {
  type Change,
  type LedgerStore,
  printRecordKey,
  type RecordKey,
} from '../../lib/storage/ledger-store.ts';

export class InMemoryStore {
  readonly accounts = new Map<string, Account>();
  readonly records = new Map<string, TransferRecord>();

  async loadAccounts(keys: Iterable<AccountKey>): Promise<Map<string, Account>> {
    return picked(this.accounts, [...keys].map(printAccountKey));
  }

  async loadRecords(keys: Iterable<RecordKey>): Promise<Map<string, TransferRecord>> {
    return picked(this.records, [...keys].map(printRecordKey));
  }

  async commit({ key, after, records }: Change): Promise<Account | undefined> {
    if (after !== undefined) {
      this.accounts.set(printAccountKey(key), after);
    }
    for (const record of records) {
      this.records.set(printRecordKey(record.after), record.after);
    }
    return after;
  }

  /** As the shell takes it: a class with private fields can't be stood in for without a cast. */
  asStore(): LedgerStore {
    return this as unknown as LedgerStore;
  }
}

function picked<T>(items: ReadonlyMap<string, T>, keys: readonly string[]): Map<string, T> {
  return new Map(
    keys.flatMap((key) => {
      const item = items.get(key);
      return item === undefined ? [] : [[key, item] as const];
    }),
  );
}
