/** Reading whole tables, a page of a segment at a time: what sweeps and the auditor see. Never writes. */

import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { decodeAccount } from './account-codec.ts';
import { CorruptItemError } from './errors.ts';
import type { Item } from './fields.ts';
import type { CapacityObserver, TableNames } from './ledger-store.ts';
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
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: TableNames;
  readonly #capacity: CapacityObserver;

  constructor(client: DynamoDBDocumentClient, tables: TableNames, capacity: CapacityObserver) {
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
    return decodePage(await this.#scan(this.#tables.accounts, segment, from, {}), decodeAccount);
  }

  /** Transfers that are under way; finished ones are left out by the table itself. */
  async openTransfers(segment: Segment, from: Cursor | undefined): Promise<Page<TransferRecord>> {
    const filter = {
      FilterExpression: '#status IN (:prepared, :committed)',
      ExpressionAttributeNames: { '#status': STATE_ATTRIBUTES.status },
      ExpressionAttributeValues: { ':prepared': 'prepared', ':committed': 'committed' },
    };
    return decodePage(await this.#scan(this.#tables.transfers, segment, from, filter), decodeRecord);
  }

  async #scan(
    TableName: string,
    { segment, totalSegments }: Segment,
    from: Cursor | undefined,
    filter: object,
  ) {
    try {
      const output = await this.#client.send(
        new ScanCommand({
          TableName,
          Segment: segment,
          TotalSegments: totalSegments,
          ExclusiveStartKey: from === undefined ? undefined : parseCursor(from),
          Limit: PAGE_LIMIT,
          ReturnConsumedCapacity: 'TOTAL',
          ...filter,
        }),
      );
      this.#capacity.consumed({ read: output.ConsumedCapacity?.CapacityUnits ?? 0, write: 0 });
      return output;
    } catch (error) {
      throw translateError(error);
    }
  }
}

function decodePage<T>(
  output: Pick<ScanCommandOutput, 'Items' | 'ScannedCount' | 'LastEvaluatedKey'>,
  decode: (item: Item) => T,
): Page<T> {
  const items: T[] = [];
  const corrupt: CorruptItemError[] = [];
  for (const item of (output.Items ?? []) as Item[]) {
    try {
      items.push(decode(item));
    } catch (error) {
      if (!(error instanceof CorruptItemError)) {
        throw error;
      }
      corrupt.push(error);
    }
  }
  const next = output.LastEvaluatedKey && printCursor(output.LastEvaluatedKey as Item);
  return { items, corrupt, readCount: output.ScannedCount ?? items.length, next };
}

/** Keys are strings and integers; JSON has no integers of 64 bits, so they travel as `{"n": "…"}`. */
function printCursor(key: Item): Cursor {
  return JSON.stringify(key, (_, value) => (typeof value === 'bigint' ? { n: value.toString() } : value));
}

function parseCursor(cursor: Cursor): Item {
  return JSON.parse(cursor, (_, value) => (typeof value?.n === 'string' ? BigInt(value.n) : value));
}
