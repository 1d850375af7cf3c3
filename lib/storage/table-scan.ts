/** Reads whole tables for sweeps, one page of a segment at a time. Never writes. */

import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ScanCommand, type ScanCommandInput, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { decodeAccount } from './account-codec.ts';
import type { CorruptItemError } from './errors.ts';
import type { Item } from './fields.ts';
import type { ItemClient } from './item-client.ts';
import type { CapacityObserver, TableNames } from './ledger-store.ts';
import { decodeAll } from './loaded-items.ts';
import { translateError } from './sdk-errors.ts';
import { decodeRecord, STATE_ATTRIBUTES } from './transfer-codec.ts';

/** A part of a table that is read by itself: `segment` of `totalSegments`, from 0. */
export interface Segment {
  readonly segment: number;
  readonly totalSegments: number;
}

/** Where the next page begins, as text that can travel in a message. */
export type Cursor = string;

export interface Page<T> {
  readonly items: readonly T[];
  /** Items that this code does not understand; the page goes on without them. */
  readonly corrupt: readonly CorruptItemError[];
  /** How many items were read, wanted or not. */
  readonly readCount: number;
  /** `undefined` after the last page. */
  readonly next: Cursor | undefined;
}

/** The most items in a page: they are in memory together, and an invocation ends between pages only. */
const PAGE_LIMIT = 1_000;

export class TableScan {
  readonly #client: ItemClient;
  readonly #tables: TableNames;
  readonly #capacity: CapacityObserver;

  constructor(client: ItemClient, tables: TableNames, capacity: CapacityObserver) {
    this.#client = client;
    this.#tables = tables;
    this.#capacity = capacity;
  }

  /** About how many items the table holds; DynamoDB counts them every six hours. */
  async countItems(table: keyof TableNames): Promise<number> {
    const output = await this.#client.send(new DescribeTableCommand({ TableName: this.#tables[table] }));
    return output.Table?.ItemCount ?? 0;
  }

  async accounts(segment: Segment, from: Cursor | undefined): Promise<Page<Account>> {
    const input = { TableName: this.#tables.accounts, ...placeOf(segment, from) };
    return decodePage(await this.#scan(input), decodeAccount);
  }

  /** Whatever is in the transfers table. */
  async records(segment: Segment, from: Cursor | undefined): Promise<Page<TransferRecord>> {
    const input = { TableName: this.#tables.transfers, ...placeOf(segment, from) };
    return decodePage(await this.#scan(input), decodeRecord);
  }

  /** Transfers that are under way. The table itself leaves out finished ones. */
  async openTransfers(segment: Segment, from: Cursor | undefined): Promise<Page<TransferRecord>> {
    const input = {
      TableName: this.#tables.transfers,
      ...placeOf(segment, from),
      FilterExpression: '#status IN (:prepared, :committed)',
      ExpressionAttributeNames: { '#status': STATE_ATTRIBUTES.status },
      ExpressionAttributeValues: { ':prepared': 'prepared', ':committed': 'committed' },
    };
    return decodePage(await this.#scan(input), decodeRecord);
  }

  async #scan(input: ScanCommandInput): Promise<ScanCommandOutput> {
    try {
      const output = await this.#client.send(
        new ScanCommand({ ...input, Limit: PAGE_LIMIT, ReturnConsumedCapacity: 'TOTAL' }),
      );
      this.#capacity.consumed({ read: output.ConsumedCapacity?.CapacityUnits ?? 0, write: 0 });
      return output;
    } catch (error) {
      throw translateError(error);
    }
  }
}

function placeOf({ segment, totalSegments }: Segment, from: Cursor | undefined) {
  const ExclusiveStartKey = from === undefined ? undefined : parseCursor(from);
  return { Segment: segment, TotalSegments: totalSegments, ExclusiveStartKey };
}

function decodePage<T>(output: ScanCommandOutput, decode: (item: Item) => T): Page<T> {
  const { values, corrupt } = decodeAll((output.Items ?? []) as Item[], decode);
  const next = output.LastEvaluatedKey && printCursor(output.LastEvaluatedKey as Item);
  const errors = corrupt.map(({ error }) => error);
  return { items: values, corrupt: errors, readCount: output.ScannedCount ?? values.length, next };
}

/** Keys are strings and integers; JSON has no integers of 64 bits, so they travel as `{"n": "…"}`. */
function printCursor(key: Item): Cursor {
  return JSON.stringify(key, (_, value) => (typeof value === 'bigint' ? { n: value.toString() } : value));
}

function parseCursor(cursor: Cursor): Item {
  return JSON.parse(cursor, (_, value) => (typeof value?.n === 'string' ? BigInt(value.n) : value));
}
