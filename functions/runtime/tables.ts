/** What a function reaches the tables through: one client for all its invocations, with kept-alive connections. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../lib/storage/document-client.ts';
import { itemClient } from '../../lib/storage/item-client.ts';
import { type CapacityObserver, LedgerStore, type TableNames } from '../../lib/storage/ledger-store.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { clientSettings } from './client-settings.ts';
import { required } from './environment.ts';
import { telemetry } from './telemetry.ts';

export const client = new DynamoDBClient(clientSettings);

const capacity: CapacityObserver = {
  consumed: ({ read, write }) => {
    telemetry.count('ReadUnits', read);
    telemetry.count('WriteUnits', write);
  },
};

export function tableNames(): TableNames {
  return { accounts: required('ACCOUNTS_TABLE_NAME'), transfers: required('TRANSFERS_TABLE_NAME') };
}

export function createLedgerStore(): LedgerStore {
  return new LedgerStore(itemClient(client), tableNames(), capacity);
}

export function createTableScan(): TableScan {
  return new TableScan(documentClient(client), tableNames(), capacity);
}
