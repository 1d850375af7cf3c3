/** The AWS clients of a function: one of each for all its invocations, with kept-alive connections. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { documentClient } from '../../lib/storage/document-client.ts';
import { type CapacityObserver, LedgerStore, type TableNames } from '../../lib/storage/ledger-store.ts';
import { TableScan } from '../../lib/storage/table-scan.ts';
import { required } from './environment.ts';
import { telemetry } from './telemetry.ts';

/** A call that takes longer has an unknown outcome, and is taken for unavailability. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

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

export function createSqsClient(): SQSClient {
  return new SQSClient({ requestHandler });
}

export function createSnsClient(): SNSClient {
  return new SNSClient({ requestHandler });
}
