/**
 * Direct access to the emulator's SQLite file: writes a million items in seconds, and reads them all to see what a sweep
 * did. The tables have no streams, since nobody would read them.
 */

import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDbClient } from '../../../lib/local/emulators/dynamo-db-client.ts';
import type { Item } from '../../../lib/storage/fields.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../../../lib/storage/table-schema.ts';
import { toWire } from '../../../lib/storage/wire-item.ts';

export const TABLES = { accounts: 'Accounts', transfers: 'Transfers' } as const;
export type TableName = (typeof TABLES)[keyof typeof TABLES];

/** An item as DynamoDB sends it. */
export type StoredItem = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly item_json: string;
  readonly item_size: number;
  readonly hash_prefix: string;
}

const ROWS_IN_TRANSACTION = 20_000;
const LOCK_TIMEOUT_MS = 30_000;

export async function createTables(client: DynamoDbClient): Promise<void> {
  const { partitionKey, sortKey } = TRANSFERS_TABLE;
  await createTable(client, TABLES.accounts, [[ACCOUNTS_TABLE.partitionKey, 'HASH', 'S']]);
  await createTable(client, TABLES.transfers, [
    [partitionKey, 'HASH', 'S'],
    [sortKey, 'RANGE', 'N'],
  ]);
}

async function createTable(
  client: DynamoDbClient,
  TableName: TableName,
  keys: readonly (readonly [name: string, keyType: string, type: string])[],
): Promise<void> {
  await client.call('DynamoDB.CreateTable', {
    TableName,
    KeySchema: keys.map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
    AttributeDefinitions: keys.map(([AttributeName, , AttributeType]) => ({ AttributeName, AttributeType })),
    BillingMode: 'PAY_PER_REQUEST',
  });
}

export class DatabaseFile {
  readonly #database: DatabaseSync;
  readonly #client: DynamoDbClient;

  constructor(file: string, client: DynamoDbClient) {
    this.#database = new DatabaseSync(file, { timeout: LOCK_TIMEOUT_MS });
    this.#client = client;
    this.#database.exec('PRAGMA synchronous = OFF');
  }

  /**
   * Writes the items, and an index in scan order: without it the emulator sorts the whole table for each page.
   * @throws {Error} when the emulator stores items in an unknown form
   */
  async fill(table: TableName, items: Iterable<Item>, onFilled: (count: number) => void): Promise<void> {
    const insert = this.#database.prepare(
      `INSERT OR REPLACE INTO "${table}" (pk, sk, item_json, item_size, hash_prefix) VALUES (?, ?, ?, ?, ?)`,
    );
    let count = 0;
    for (const item of items) {
      const row = rowOf(item);
      if (count === 0) {
        await this.#checkForm(table, item, row);
      }
      if (count % ROWS_IN_TRANSACTION === 0) {
        this.#database.exec(count === 0 ? 'BEGIN' : 'COMMIT; BEGIN');
      }
      insert.run(row.pk, row.sk, row.item_json, row.item_size, row.hash_prefix);
      count += 1;
      onFilled(1);
    }
    if (count > 0) {
      this.#database.exec('COMMIT');
    }
    this.#database.exec(
      `CREATE INDEX "bench_scan_order_${table}" ON "${table}" (hash_prefix, pk, sk); PRAGMA wal_checkpoint(TRUNCATE)`,
    );
  }

  /** Puts the item through the emulator, and checks that its row is the one that this class would write. */
  async #checkForm(table: TableName, item: Item, expected: Row): Promise<void> {
    await this.#client.call('DynamoDB.PutItem', { TableName: table, Item: toWire(item) });
    const row = this.#database
      .prepare(`SELECT pk, sk, item_json, item_size, hash_prefix FROM "${table}"`)
      .get() as Row | undefined;
    const { item_json = '{}', ...others } = { ...row };
    const { item_json: expectedJson, ...expectedOthers } = expected;
    if (
      !isDeepStrictEqual(others, expectedOthers) ||
      !isDeepStrictEqual(JSON.parse(item_json), JSON.parse(expectedJson))
    ) {
      throw new Error(
        `This version of the DynamoDB emulator keeps items in another way: ${JSON.stringify(row)} ` +
          `instead of ${JSON.stringify(expected)}.`,
      );
    }
  }

  /** All items of the table as they are now, one by one. */
  *items(table: TableName): Generator<StoredItem> {
    const rows = this.#database.prepare(`SELECT item_json FROM "${table}"`).iterate();
    for (const { item_json } of rows as Iterable<unknown> as Iterable<Row>) {
      yield JSON.parse(item_json);
    }
  }

  averageItemSize(table: TableName): number {
    const { average } = this.#database.prepare(`SELECT avg(item_size) AS average FROM "${table}"`).get() as {
      average: number | null;
    };
    return average ?? 0;
  }

  close(): void {
    this.#database.close();
  }
}

function rowOf(item: Item): Row {
  const partition = String(item[TRANSFERS_TABLE.partitionKey]);
  const sort = item[TRANSFERS_TABLE.sortKey];
  return {
    pk: `S:${partition}`,
    sk: sort === undefined ? '' : sortable(sort as bigint),
    item_json: JSON.stringify(toWire(item)),
    item_size: sizeOf(item),
    hash_prefix: createHash('md5').update(`Outliers${partition}`).digest('hex').slice(0, 6),
  };
}

/** A positive integer as text that sorts like the number: sign, number of digits, digits. */
function sortable(number: bigint): string {
  const digits = number.toString();
  return `N:2${5_000 + digits.length}${digits.padEnd(40, '0')}`;
}

/** Bytes of names and values, as capacity is counted by (DynamoDB Developer Guide, item sizes and formats). */
function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + valueSize(value), 0);
}

function valueSize(value: Item[string]): number {
  if (typeof value === 'string') {
    return Buffer.byteLength(value);
  }
  const text = value.toString();
  const digits = text.replace('-', '').replace(/0+$/, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}
