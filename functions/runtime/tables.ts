/** What a function reaches the tables through: one client for all its invocations, with kept-alive connections. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../lib/storage/document-client.ts';
import { type CapacityObserver, LedgerStore, type TableNames } from '../../lib/storage/ledger-store.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { required } from './environment.ts';
import { requestHandler } from './request-handler.ts';
import { telemetry } from './telemetry.ts';

const client = documentClient(new DynamoDBClient({ requestHandler }));

const capacity: CapacityObserver = {
  consumed: ({ read, write }) => {
    telemetry.count('ReadUnits', read);
    telemetry.count('WriteUnits', write);
  },
};

function tableNames(): TableNames {
  return { accounts: required('ACCOUNTS_TABLE_NAME'), transfers: required('TRANSFERS_TABLE_NAME') };
}

export function createLedgerStore(): LedgerStore {
  return new LedgerStore(client, tableNames(), capacity);
}

export function createTableScan(): TableScan {
  return new TableScan(client, tableNames(), capacity);
}
