/** Creates the two tables and their streams. Keys and attribute names come from lib/storage/table-schema.ts. */

import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../storage/table-schema.ts';

/** A table of the stack, created or restored. */
export interface LedgerTable {
  readonly tableArn: string;
  readonly tableName: string;
  readonly tableStreamArn?: string | undefined;
}

export interface Tables {
  readonly accounts: LedgerTable;
  readonly transfers: LedgerTable;
}

export interface TableOptions {
  readonly isDisposable: boolean;
  /** Tables that were restored from a backup, to be used instead of new ones. */
  readonly restoredTables: RestoredTables | undefined;
}

/** The streams of tables that exist already; each ARN names its table, too. */
export interface RestoredTables {
  readonly accountsStreamArn: string;
  readonly transfersStreamArn: string;
}

/** Creates the tables, protected against deletion unless the stack is disposable, or takes restored ones. */
export function createTables(scope: Construct, { isDisposable, restoredTables }: TableOptions): Tables {
  if (restoredTables !== undefined) {
    return {
      accounts: existingTable(scope, 'RestoredAccounts', restoredTables.accountsStreamArn),
      transfers: existingTable(scope, 'RestoredTransfers', restoredTables.transfersStreamArn),
    };
  }
  const shared = {
    billingMode: BillingMode.PAY_PER_REQUEST,
    // Publishing compares both images to see what changed.
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    // DynamoDB's own key: a key of the account would cost KMS calls everywhere and protect the same data.
    encryption: TableEncryption.DEFAULT,
    deletionProtection: !isDisposable,
    removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  };
  return {
    accounts: new Table(scope, 'Accounts', {
      ...shared,
      partitionKey: { name: ACCOUNTS_TABLE.partitionKey, type: AttributeType.STRING },
    }),
    transfers: new Table(scope, 'Transfers', {
      ...shared,
      partitionKey: { name: TRANSFERS_TABLE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TRANSFERS_TABLE.sortKey, type: AttributeType.NUMBER },
      timeToLiveAttribute: TRANSFERS_TABLE.timeToLive,
    }),
  };
}

/** The stack neither creates nor configures such a table: its stream, its time to live and its protection are the operator's. */
function existingTable(scope: Construct, id: string, tableStreamArn: string): LedgerTable {
  const [tableArn = ''] = tableStreamArn.split('/stream/');
  return Table.fromTableAttributes(scope, id, { tableArn, tableStreamArn });
}
