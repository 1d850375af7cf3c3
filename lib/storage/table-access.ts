/** How operators' tools reach the tables of a stack, wherever it runs. Functions make their own client. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { itemClient } from './item-client.ts';
import { LedgerStore, type TableNames } from './ledger-store.ts';
import { TableReader } from './table-reader.ts';

/** Settings of the SDK's clients. For what is missing the SDK's defaults hold. */
export interface AwsPlace {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Operators' tools retry a throttled read many times before they give up. */
const MAX_ATTEMPTS = 10;

export interface TableAccess {
  readonly reader: TableReader;
  readonly store: LedgerStore;
  readonly close: () => void;
}

export function openTables(place: AwsPlace, tables: TableNames): TableAccess {
  const client = new DynamoDBClient({ ...place, maxAttempts: MAX_ATTEMPTS });
  return {
    reader: new TableReader(client, tables),
    store: new LedgerStore(itemClient(client), tables, { consumed: () => {} }),
    close: () => client.destroy(),
  };
}
