/**
 * Reads both tables for operators' tools. Each item is read or told of as unreadable by itself. All reads are consistent, since
 * an auditor compares what it reads. Never writes.
 */

import {
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  paginateScan,
  type QueryCommandInput,
  type AttributeValue as WireValue,
} from '@aws-sdk/client-dynamodb';
import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { CorruptItemError } from './errors.ts';
import type { TableNames } from './ledger-store.ts';
import { mergedPages } from './merged-pages.ts';
import { partitionsOf, printPartition, type RecordKey } from './record-keys.ts';
import { accountOfImage, recordOfImage } from './stream-image.ts';
import { type StreamRecord, tableOf } from './stream-record.ts';
import type { Segment } from './table-scan.ts';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from './table-schema.ts';
import { STATE_ATTRIBUTES } from './transfer-codec.ts';

/** One item, or why it can't be read. */
export type ReadItem<T> =
  | { readonly value: T }
  | {
      readonly corrupt: CorruptItemError;
      /** The currency it belongs to; `undefined` where not even the key can be read. */
      readonly debtorId: bigint | undefined;
    };

/** The item that a stream record is about, as it is now, or why it can't be read. */
export type CurrentItem =
  | { readonly table: 'accounts'; readonly value: Account }
  | { readonly table: 'transfers'; readonly value: TransferRecord }
  | { readonly corrupt: CorruptItemError };

type WireItem = Record<string, WireValue>;
type QueryFilter = Pick<
  QueryCommandInput,
  'FilterExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** The most items of a page that are in memory together. */
const PAGE_LIMIT = 1_000;
/** Sixteen queries have a page in memory at the same time. */
const QUERY_PAGE_LIMIT = 100;
const PREPARED_STATUS = 'prepared';

export class TableReader {
  readonly #client: DynamoDBClient;
  readonly #tables: TableNames;

  constructor(client: DynamoDBClient, tables: TableNames) {
    this.#client = client;
    this.#tables = tables;
  }

  /** About how many items the table holds; DynamoDB counts them every six hours. */
  async countItems(table: keyof TableNames): Promise<number> {
    const output = await this.#client.send(new DescribeTableCommand({ TableName: this.#tables[table] }));
    return output.Table?.ItemCount ?? 0;
  }

  scanAccounts(segment: Segment): AsyncGenerator<readonly ReadItem<Account>[]> {
    return decoded(this.#scan('accounts', segment), decodeAccountItem);
  }

  /** Whatever is in the transfers table. */
  scanRecords(segment: Segment): AsyncGenerator<readonly ReadItem<TransferRecord>[]> {
    return decoded(this.#scan('transfers', segment), decodeRecordItem);
  }

  /** Whatever the transfers table has under the account, in the order of IDs: its own transfers, and its rejected configurations. */
  queryRecords(sender: AccountKey): AsyncGenerator<readonly ReadItem<TransferRecord>[]> {
    return decoded(this.#query(sender, {}), decodeRecordItem);
  }

  /** The account's prepared transfers, in the order of their IDs. */
  queryPrepared(sender: AccountKey): AsyncGenerator<readonly ReadItem<TransferRecord>[]> {
    const filter = {
      FilterExpression: '#status = :prepared',
      ExpressionAttributeValues: { ':prepared': { S: PREPARED_STATUS } },
      ExpressionAttributeNames: { '#status': STATE_ATTRIBUTES.status },
    };
    return decoded(this.#query(sender, filter), decodeRecordItem);
  }

  async readAccount(key: AccountKey): Promise<ReadItem<Account> | undefined> {
    const item = await this.#get('accounts', { [ACCOUNTS_TABLE.partitionKey]: { S: printAccountKey(key) } });
    return item && decodeAccountItem(item);
  }

  async readRecord(key: RecordKey): Promise<ReadItem<TransferRecord> | undefined> {
    const item = await this.#get('transfers', {
      [TRANSFERS_TABLE.partitionKey]: { S: printPartition(key) },
      [TRANSFERS_TABLE.sortKey]: { N: `${key.transferId}` },
    });
    return item && decodeRecordItem(item);
  }

  /** @returns `undefined` when there is no such item any more */
  async readItemOf(record: StreamRecord): Promise<CurrentItem | undefined> {
    const table = tableOf(record);
    const item = await this.#get(table, { ...(record.dynamodb?.Keys as WireItem) });
    const read = item && (table === 'accounts' ? decodeAccountItem(item) : decodeRecordItem(item));
    return read && 'value' in read ? ({ table, value: read.value } as CurrentItem) : read;
  }

  async #get(table: keyof TableNames, Key: WireItem): Promise<WireItem | undefined> {
    const command = new GetItemCommand({ TableName: this.#tables[table], Key, ConsistentRead: true });
    return (await this.#client.send(command)).Item;
  }

  async *#scan(
    table: keyof TableNames,
    { segment, totalSegments }: Segment,
  ): AsyncGenerator<readonly WireItem[]> {
    const pages = paginateScan(
      { client: this.#client },
      {
        TableName: this.#tables[table],
        Segment: segment,
        TotalSegments: totalSegments,
        ConsistentRead: true,
        Limit: PAGE_LIMIT,
      },
    );
    for await (const { Items = [] } of pages) {
      yield Items;
    }
  }

  /** One query for each partition key, side by side. */
  #query(sender: AccountKey, filter: QueryFilter): AsyncGenerator<readonly WireItem[]> {
    const queries = partitionsOf(sender).map((partition) => this.#queryPartition(partition, filter));
    return mergedPages(queries, sortKeyOf);
  }

  async *#queryPartition(partition: string, filter: QueryFilter): AsyncGenerator<readonly WireItem[]> {
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#tables.transfers,
        KeyConditionExpression: `${TRANSFERS_TABLE.partitionKey} = :partition`,
        ConsistentRead: true,
        Limit: QUERY_PAGE_LIMIT,
        ...filter,
        ExpressionAttributeValues: { ...filter.ExpressionAttributeValues, ':partition': { S: partition } },
      },
    );
    for await (const { Items = [] } of pages) {
      yield Items;
    }
  }
}

/** Also of a key that nobody writes, since the table takes any number as sort key. */
function sortKeyOf(item: WireItem): bigint {
  const printed = item[TRANSFERS_TABLE.sortKey]?.N ?? '0';
  return /^-?\d+$/.test(printed) ? BigInt(printed) : BigInt(Math.floor(Number(printed)));
}

async function* decoded<T>(
  pages: AsyncGenerator<readonly WireItem[]>,
  decode: (item: WireItem) => ReadItem<T>,
): AsyncGenerator<readonly ReadItem<T>[]> {
  for await (const page of pages) {
    yield page.map(decode);
  }
}

function decodeAccountItem(item: WireItem): ReadItem<Account> {
  return decodeItem(item, accountOfImage, printAccountKey);
}

function decodeRecordItem(item: WireItem): ReadItem<TransferRecord> {
  return decodeItem(item, recordOfImage, printPartition);
}

/** An item under a key in a form that is never written (`1:02`, say) is found by nobody, so it counts as unreadable. */
function decodeItem<T>(
  item: WireItem,
  decode: (item: WireItem) => T | undefined,
  printKey: (value: T) => string,
): ReadItem<T> {
  const key = item[ACCOUNTS_TABLE.partitionKey]?.S;
  try {
    const value = decode(item);
    if (value === undefined || printKey(value) !== key) {
      throw new CorruptItemError(`Item ${key} lies under a key that is not written in this form.`);
    }
    return { value };
  } catch (error) {
    if (!(error instanceof CorruptItemError)) {
      throw error;
    }
    return { corrupt: error, debtorId: debtorOf(key) };
  }
}

/** Both tables' partition keys begin with the debtor ID. */
function debtorOf(key: string | undefined): bigint | undefined {
  const debtorId = /^(-?\d{1,19}):-?\d/.exec(key ?? '')?.[1];
  return debtorId === undefined ? undefined : BigInt(debtorId);
}
