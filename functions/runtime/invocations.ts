/** What the invocations of a function work with. One client serves all of them, with kept-alive connections. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import type { Invocation } from '../../lib/shell/invocation.ts';
import { SharedTransactions } from '../../lib/shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../../lib/shell/surroundings.ts';
import { itemClient } from '../../lib/storage/item-client.ts';
import { LedgerStore } from '../../lib/storage/ledger-store.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { bounded, quickClientSettings } from './client-settings.ts';
import { required, settings } from './environment.ts';
import { remainingTime } from './remaining-time.ts';
import { telemetry } from './telemetry.ts';

export const client = bounded(new DynamoDBClient(quickClientSettings));
export const tables = {
  accounts: required('ACCOUNTS_TABLE_NAME'),
  transfers: required('TRANSFERS_TABLE_NAME'),
};
const capacity = {
  consumed: ({ read, write }: { readonly read: number; readonly write: number }) => {
    telemetry.count('ReadUnits', read);
    telemetry.count('WriteUnits', write);
  },
};
const items = itemClient(client);
const shared = {
  store: new LedgerStore(items, tables, capacity),
  transactions: new SharedTransactions(),
  settings,
  surroundings: REAL_SURROUNDINGS,
  telemetry,
};

export function invocationOf(context: Context): Invocation {
  return { ...shared, hasTime: remainingTime(context) };
}

export function createTableScan(): TableScan {
  return new TableScan(items, tables, capacity);
}
