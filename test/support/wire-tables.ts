/** Tables in memory with only the reading calls, for tools that never write. Items are in DynamoDB's wire form. */

import {
  type AttributeValue,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Account } from '../../lib/rules/account.ts';
import type { TransferRecord } from '../../lib/rules/transfer.ts';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import { encodeRecord } from '../../lib/storage/transfer-codec.ts';
import { toWire } from '../../lib/storage/wire-item.ts';

export type WireItem = Record<string, AttributeValue>;

/** Small enough that every scan and query has several pages. */
const ITEMS_ON_PAGE = 3;

export class WireTables extends DynamoDBClient {
  readonly tables: Record<string, WireItem[]>;
  /** Called with the call's name before it is answered; may change the tables as other writers would. */
  onCall: (name: string) => void = () => {};

  constructor(tables: Record<string, WireItem[]>) {
    super({ region: 'local' });
    this.tables = tables;
  }

  // biome-ignore lint/suspicious/noExplicitAny: stands in for all overloads of the SDK
  override send = (async (command: any): Promise<any> => {
    this.onCall(command.constructor.name);
    if (command instanceof DescribeTableCommand) {
      return { Table: { ItemCount: this.#itemsOf(command.input.TableName).length } };
    }
    if (command instanceof GetItemCommand) {
      const { TableName, Key = {} } = command.input;
      return { Item: this.#itemsOf(TableName).find((item) => printKey(item) === printKey(Key)) };
    }
    if (command instanceof ScanCommand) {
      const { TableName, Segment = 0, TotalSegments = 1, ExclusiveStartKey } = command.input;
      const items = this.#itemsOf(TableName).filter((_, index) => index % TotalSegments === Segment);
      return pageOf(items, ExclusiveStartKey);
    }
    if (command instanceof QueryCommand) {
      const { TableName, ExpressionAttributeValues: values = {}, ExclusiveStartKey } = command.input;
      const status = values[':prepared']?.S;
      const items = this.#itemsOf(TableName)
        .filter(({ account }) => account?.S === values[':partition']?.S)
        .filter((item) => status === undefined || item.status?.S === status)
        .toSorted((a, b) => Number(BigInt(a.transferId?.N ?? 0) - BigInt(b.transferId?.N ?? 0)));
      return pageOf(items, ExclusiveStartKey);
    }
    throw new Error(`${command.constructor.name} is none of the calls that read.`);
  }) as DynamoDBClient['send'];

  #itemsOf(table: string | undefined): WireItem[] {
    const items = this.tables[table ?? ''];
    if (items === undefined) {
      throw new Error(`There is no table ${table}.`);
    }
    return items;
  }
}

function pageOf(items: readonly WireItem[], from: WireItem | undefined) {
  const start = from === undefined ? 0 : items.findIndex((item) => printKey(item) === printKey(from)) + 1;
  const page = items.slice(start, start + ITEMS_ON_PAGE);
  const last = page.at(-1);
  const isMore = start + page.length < items.length;
  return { Items: page, ...(isMore && last && { LastEvaluatedKey: keyOf(last) }) };
}

function keyOf({ account, transferId }: WireItem): WireItem {
  return { ...(account && { account }), ...(transferId && { transferId }) };
}

function printKey({ account, transferId }: WireItem): string {
  return `${account?.S}/${transferId?.N}`;
}

export function wireAccount(account: Account): WireItem {
  return toWire(encodeAccount(account));
}

export function wireRecord(record: TransferRecord): WireItem {
  return toWire(encodeRecord(record));
}
