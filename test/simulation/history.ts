/** Everything that was ever committed, decoded once. The guarantees are checked against it. */

import type { Account } from '../../lib/rules/account.ts';
import { printAccountKey } from '../../lib/rules/account.ts';
import type { TransferRecord } from '../../lib/rules/transfer.ts';
import { decodeAccount } from '../../lib/storage/account-codec.ts';
import type { Item } from '../../lib/storage/fields.ts';
import { printRecordKey } from '../../lib/storage/record-keys.ts';
import { decodeRecord } from '../../lib/storage/transfer-codec.ts';
import type { ItemChange } from './aws/simulated-tables.ts';
import type { Instant } from './scheduler.ts';

export interface Pair<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** Who made a commit, and since when it may have read what it decided from. */
export interface Writer {
  readonly name: string;
  readonly startedAt: Instant;
}

/** One commit: all its changes took effect at the same instant. */
export interface Commit {
  readonly at: Instant;
  /** `undefined` for what the table does by itself. */
  readonly by?: Writer | undefined;
  readonly accounts: readonly Pair<Account>[];
  readonly records: readonly Pair<TransferRecord>[];
}

/** A state and the instant since when it held; the state is `undefined` once the item is removed. */
export interface State<T> {
  readonly at: Instant;
  readonly value: T | undefined;
}

export const ACCOUNTS = 'Accounts';
export const TRANSFERS = 'Transfers';

export class History {
  readonly commits: Commit[] = [];
  /** All states that an account went through, by printed account key. */
  readonly accounts = new Map<string, State<Account>[]>();
  /** All states that an item of the transfers table went through, by printed record key. */
  readonly records = new Map<string, State<TransferRecord>[]>();
  readonly #decoded = new WeakMap<Item, Account | TransferRecord>();

  add(at: Instant, changes: readonly ItemChange[], by?: Writer): Commit {
    const accounts: Pair<Account>[] = [];
    const records: Pair<TransferRecord>[] = [];
    for (const { table, before, after } of changes) {
      if (table === ACCOUNTS) {
        accounts.push({ before: this.#account(before), after: this.#account(after) });
      } else {
        records.push({ before: this.#record(before), after: this.#record(after) });
      }
    }
    for (const { before, after } of accounts) {
      append(this.accounts, printAccountKey((after ?? before) as Account), { at, value: after });
    }
    for (const { before, after } of records) {
      append(this.records, printRecordKey((after ?? before) as TransferRecord), { at, value: after });
    }
    const commit = { at, by, accounts, records };
    this.commits.push(commit);
    return commit;
  }

  /**
   * The states that the account had while the commit was being decided about, without the one that it made.
   * @param staleness how old, in microseconds, what was read may have been
   */
  accountStates(key: string, { at, by, accounts }: Commit, staleness: number): (Account | undefined)[] {
    const since = (by?.startedAt ?? at) - staleness;
    const states = this.accounts.get(key) ?? [];
    const isChanged = accounts.some(
      ({ before, after }) => printAccountKey((after ?? before) as Account) === key,
    );
    let index = states.length - (isChanged ? 2 : 1);
    const found: (Account | undefined)[] = [];
    while (index >= 0) {
      const state = states[index] as State<Account>;
      found.push(state.value);
      if (state.at <= since) {
        return found;
      }
      index -= 1;
    }
    return [...found, undefined];
  }

  /** The accounts at the end, including those that are marked as deleted. */
  get finalAccounts(): Account[] {
    return [...this.accounts.values()]
      .map((states) => states.at(-1)?.value)
      .filter((account) => account !== undefined);
  }

  /** The latest state of each item of the transfers table, including items that have expired since. */
  get latestRecords(): TransferRecord[] {
    return [...this.records.values()].flatMap((states) =>
      states.flatMap(({ value }, index) => {
        const isLast = index === states.length - 1 || states[index + 1]?.value === undefined;
        return isLast && value !== undefined ? [value] : [];
      }),
    );
  }

  #account(item: Item | undefined): Account | undefined {
    return item && (this.#decode(item, decodeAccount) as Account);
  }

  #record(item: Item | undefined): TransferRecord | undefined {
    return item && (this.#decode(item, decodeRecord) as TransferRecord);
  }

  #decode<T extends Account | TransferRecord>(
    item: Item,
    decode: (item: Item) => T,
  ): Account | TransferRecord {
    const known = this.#decoded.get(item);
    if (known !== undefined) {
      return known;
    }
    const decoded = decode(item);
    this.#decoded.set(item, decoded);
    return decoded;
  }
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [value]);
  } else {
    list.push(value);
  }
}
