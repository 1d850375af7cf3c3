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
  type AttributeValue as WireValue,
} from '@aws-sdk/client-dynamodb';
import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { parseAccountKey } from './account-codec.ts';
import { CorruptItemError } from './errors.ts';
import type { RecordKey, TableNames } from './ledger-store.ts';
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
type WirePage = AsyncGenerator<{ readonly Items?: WireItem[] | undefined }>;

/** The most items of a page that are in memory together. */
const PAGE_LIMIT = 1_000;
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

  /** Whatever the transfers table has under the account: its own transfers, and its rejected configurations. */
  queryRecords(sender: AccountKey): AsyncGenerator<readonly ReadItem<TransferRecord>[]> {
    return decoded(this.#query(sender, {}), decodeRecordItem);
  }

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

  async readRecord({ sender, transferId }: RecordKey): Promise<ReadItem<TransferRecord> | undefined> {
    const item = await this.#get('transfers', {
      [TRANSFERS_TABLE.partitionKey]: { S: printAccountKey(sender) },
      [TRANSFERS_TABLE.sortKey]: { N: `${transferId}` },
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

  #scan(table: keyof TableNames, { segment, totalSegments }: Segment): WirePage {
    return paginateScan(
      { client: this.#client },
      {
        TableName: this.#tables[table],
        Segment: segment,
        TotalSegments: totalSegments,
        ConsistentRead: true,
        Limit: PAGE_LIMIT,
      },
    );
  }

  #query(sender: AccountKey, filter: { readonly ExpressionAttributeValues?: WireItem }): WirePage {
    const key = TRANSFERS_TABLE.partitionKey;
    return paginateQuery(
      { client: this.#client },
      {
        TableName: this.#tables.transfers,
        KeyConditionExpression: `${key} = :sender`,
        ConsistentRead: true,
        Limit: PAGE_LIMIT,
        ...filter,
        ExpressionAttributeValues: {
          ...filter.ExpressionAttributeValues,
          ':sender': { S: printAccountKey(sender) },
        },
      },
    );
  }
}

async function* decoded<T>(
  pages: WirePage,
  decode: (item: WireItem) => ReadItem<T>,
): AsyncGenerator<readonly ReadItem<T>[]> {
  for await (const { Items = [] } of pages) {
    yield Items.map(decode);
  }
}

function decodeAccountItem(item: WireItem): ReadItem<Account> {
  return decodeItem(item, accountOfImage, printAccountKey);
}

function decodeRecordItem(item: WireItem): ReadItem<TransferRecord> {
  return decodeItem(item, recordOfImage, ({ sender }) => printAccountKey(sender));
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
    return { corrupt: nameItem(error, item), debtorId: debtorOf(key) };
  }
}

/** Errors about single attributes don't know whose they are. */
function nameItem(error: CorruptItemError, item: WireItem): CorruptItemError {
  const key = item[ACCOUNTS_TABLE.partitionKey]?.S;
  const transferId = item[TRANSFERS_TABLE.sortKey]?.N;
  const name = transferId === undefined ? `Item ${key}` : `Item ${key} / ${transferId}`;
  return error.message.startsWith('Item ')
    ? error
    : new CorruptItemError(`${name} can't be read: ${error.message}`, { cause: error });
}

function debtorOf(key: string | undefined): bigint | undefined {
  try {
    return parseAccountKey(key).debtorId;
  } catch {
    return undefined;
  }
}
