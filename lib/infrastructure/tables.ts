/** Creates the two tables and their streams. Keys and attribute names come from lib/storage/table-schema.ts. */

import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ACCOUNTS_TABLE, TRANSFERS_TABLE } from '../storage/table-schema.ts';

export interface Tables {
  readonly accounts: Table;
  readonly transfers: Table;
}

/** Creates the tables, protected against deletion unless the stack is disposable. */
export function createTables(scope: Construct, { isDisposable }: { readonly isDisposable: boolean }): Tables {
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
