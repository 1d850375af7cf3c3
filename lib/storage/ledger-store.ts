/**
 * The two tables behind three operations: load accounts, load items of the transfers table, and commit changes of one or more
 * accounts. Every write is conditional. Nothing is retried but the keys that DynamoDB leaves unprocessed in a read.
 */

import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
  DeleteCommand,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { decodeAccount, encodeAccount, encodeAccountKey } from './account-codec.ts';
import { accountUnchanged, type Condition, recordUnchanged } from './conditions.ts';
import { StoreUnavailableError } from './errors.ts';
import type { Item } from './fields.ts';
import type { ItemClient } from './item-client.ts';
import { type ItemCodec, LoadedItems } from './loaded-items.ts';
import { encodeRecordKey, parsePartition, printRecordKey, type RecordKey } from './record-keys.ts';
import { translateError } from './sdk-errors.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from './table-schema.ts';
import { decodeRecord, encodeRecord } from './transfer-codec.ts';

export interface TableNames {
  readonly accounts: string;
  readonly transfers: string;
}

/** How one account and its items change. An account that stays the same is not written. */
export interface Change {
  readonly key: AccountKey;
  readonly before: Account | undefined;
  /** `undefined` removes the account. */
  readonly after: Account | undefined;
  /** At most {@link MAX_RECORDS_IN_COMMIT}. */
  readonly records: readonly {
    readonly before: TransferRecord | undefined;
    readonly after: TransferRecord;
  }[];
}

export interface ReadOptions {
  /** Costs twice as much, and sees every write that was acknowledged before. */
  readonly consistent: boolean;
}

/** Learns what the calls cost, as DynamoDB counts it. */
export interface CapacityObserver {
  readonly consumed: (units: { readonly read: number; readonly write: number }) => void;
}

/** DynamoDB allows 100 items in a transaction; one of them is the account. */
export const MAX_RECORDS_IN_COMMIT = 99;

const MAX_KEYS_IN_READ = 100;
const MAX_READ_ROUNDS = 8;
const ReturnConsumedCapacity = 'TOTAL';

export class LedgerStore {
  readonly #client: ItemClient;
  readonly #tables: TableNames;
  readonly #capacity: CapacityObserver;

  constructor(client: ItemClient, tables: TableNames, capacity: CapacityObserver) {
    this.#client = client;
    this.#tables = tables;
    this.#capacity = capacity;
  }

  /** The existing accounts, by printed account key. Keys may repeat. */
  async loadAccounts(keys: Iterable<AccountKey>, options: ReadOptions): Promise<LoadedItems<Account>> {
    const unique = new Map([...keys].map((key) => [printAccountKey(key), encodeAccountKey(key)]));
    const items = await this.#read(this.#tables.accounts, [...unique.values()], options);
    return new LoadedItems(items, ACCOUNT_CODEC);
  }

  /** The existing items of the transfers table, by printed record key. Keys may repeat. */
  async loadRecords(keys: Iterable<RecordKey>, options: ReadOptions): Promise<LoadedItems<TransferRecord>> {
    const unique = new Map([...keys].map((key) => [printRecordKey(key), encodeRecordKey(key)]));
    const items = await this.#read(this.#tables.transfers, [...unique.values()], options);
    return new LoadedItems(items, RECORD_CODEC);
  }

  /**
   * Writes the whole change, or nothing when another writer has changed a part of it since it was loaded.
   * @returns the account as it is now stored, so that a further change of it needs no read
   * @throws {CommitConflictError} when another writer was first
   * @throws {StoreUnavailableError} when the outcome is unknown or the table is too busy
   */
  async commit(change: Change): Promise<Account | undefined> {
    const [stored] = await this.commitTogether([change]);
    return stored;
  }

  /**
   * Writes all of the changes or none, each under its own conditions.
   * @param changes of accounts that differ; at most 100 items together
   * @returns the accounts as they are now stored, in the changes' order
   * @throws as `commit`; a conflict names the accounts that another writer has changed
   */
  async commitTogether(changes: readonly Change[]): Promise<readonly (Account | undefined)[]> {
    const written = changes.map((change) => ({ change, stored: storedAfter(change) }));
    await this.#write(written.flatMap(({ change, stored }) => this.#writesOf(change, stored)));
    return written.map(({ stored }) => stored);
  }

  #writesOf({ key, before, records }: Change, stored: Account | undefined): KeyedWrite[] {
    const writes = [
      ...(stored === before ? [] : [this.#accountWrite(key, before, stored)]),
      ...records.map((record) => this.#recordWrite(record.before, record.after)),
    ];
    return writes.map((write) => ({ key, write }));
  }

  #accountWrite(key: AccountKey, before: Account | undefined, after: Account | undefined): Write {
    const TableName = this.#tables.accounts;
    const condition = accountUnchanged(before);
    return after === undefined
      ? { Delete: { TableName, Key: encodeAccountKey(key), ...condition } }
      : { Put: { TableName, Item: encodeAccount(after), ...condition } };
  }

  #recordWrite(before: TransferRecord | undefined, after: TransferRecord): Write {
    return {
      Put: { TableName: this.#tables.transfers, Item: encodeRecord(after), ...recordUnchanged(before) },
    };
  }

  async #write(keyedWrites: readonly KeyedWrite[]): Promise<void> {
    const [first, ...others] = keyedWrites;
    if (first === undefined) {
      return;
    }
    try {
      // A single write needs no transaction, and costs half as much without.
      const consumed = others.length > 0 ? await this.#writeAll(keyedWrites) : await this.#writeOne(first);
      this.#capacity.consumed({ read: 0, write: unitsOf(consumed) });
    } catch (error) {
      const keys = keyedWrites.map(({ key }) => key);
      throw translateError(error, keys);
    }
  }

  async #writeAll(keyedWrites: readonly KeyedWrite[]): Promise<readonly ConsumedCapacity[] | undefined> {
    const TransactItems = keyedWrites.map(({ write }) => write);
    const command = new TransactWriteCommand({ TransactItems, ReturnConsumedCapacity });
    return (await this.#client.send(command)).ConsumedCapacity;
  }

  async #writeOne({ write }: KeyedWrite): Promise<readonly ConsumedCapacity[]> {
    const { ConsumedCapacity } = await ('Put' in write
      ? this.#client.send(new PutCommand({ ...write.Put, ReturnConsumedCapacity }))
      : this.#client.send(new DeleteCommand({ ...write.Delete, ReturnConsumedCapacity })));
    return ConsumedCapacity === undefined ? [] : [ConsumedCapacity];
  }

  async #read(table: string, keys: readonly Item[], options: ReadOptions): Promise<Item[]> {
    const chunks: Item[][] = [];
    for (let start = 0; start < keys.length; start += MAX_KEYS_IN_READ) {
      chunks.push(keys.slice(start, start + MAX_KEYS_IN_READ));
    }
    return (await Promise.all(chunks.map((chunk) => this.#readChunk(table, chunk, options)))).flat();
  }

  async #readChunk(table: string, keys: readonly Item[], { consistent }: ReadOptions): Promise<Item[]> {
    const items: Item[] = [];
    let remaining = keys;
    for (let round = 0; round < MAX_READ_ROUNDS && remaining.length > 0; round += 1) {
      const output = await this.#batchGet(table, { Keys: [...remaining], ConsistentRead: consistent });
      items.push(...((output.Responses?.[table] ?? []) as Item[]));
      remaining = (output.UnprocessedKeys?.[table]?.Keys ?? []) as Item[];
    }
    if (remaining.length > 0) {
      throw new StoreUnavailableError(`The table left ${remaining.length} keys of a read unprocessed.`);
    }
    return items;
  }

  async #batchGet(table: string, request: ReadRequest): Promise<BatchGetCommandOutput> {
    try {
      const output = await this.#client.send(
        new BatchGetCommand({ RequestItems: { [table]: request }, ReturnConsumedCapacity }),
      );
      this.#capacity.consumed({ read: unitsOf(output.ConsumedCapacity), write: 0 });
      return output;
    } catch (error) {
      throw translateError(error);
    }
  }
}

/** How many items the change writes. */
export function itemCountOf({ before, after, records }: Change): number {
  return (after === before ? 0 : 1) + records.length;
}

const ACCOUNT_CODEC: ItemCodec<Account> = {
  decode: decodeAccount,
  printKeyOf: printAccountKey,
  printItemKey: (item) => String(item[ACCOUNTS_TABLE.partitionKey]),
};

const RECORD_CODEC: ItemCodec<TransferRecord> = {
  decode: decodeRecord,
  printKeyOf: printRecordKey,
  printItemKey: (item) =>
    // Items are read by keys of ours alone, so the key can be parsed even where the rest can't.
    `${printAccountKey(parsePartition(item[TRANSFERS_TABLE.partitionKey]))}/${item[TRANSFERS_TABLE.sortKey]}`,
};

function storedAfter({ before, after }: Change): Account | undefined {
  return after && after !== before && before ? { ...after, version: before.version + 1n } : after;
}

/** A write, and the account whose change it is part of. */
interface KeyedWrite {
  readonly key: AccountKey;
  readonly write: Write;
}

type Write =
  | { readonly Put: { readonly TableName: string; readonly Item: Item } & Condition }
  | { readonly Delete: { readonly TableName: string; readonly Key: Item } & Condition };

/** Keys of one table, and how they are read. */
type ReadRequest = NonNullable<BatchGetCommandInput['RequestItems']>[string];

function unitsOf(consumed: readonly ConsumedCapacity[] | undefined): number {
  return (consumed ?? []).reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
