/** Copies of the stack's tables as of an instant, as a restore to a point in time makes them: items only, without streams. */

import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { StackUnderTest } from './stack-under-test.ts';

export interface CopiedTables {
  readonly accounts: string;
  readonly transfers: string;
  readonly remove: () => Promise<void>;
}

const MAX_WAIT_SECONDS = 120;

/** @param prefix of the copies' names, as in `<prefix>-Accounts` */
export async function copyTables(
  { dynamoDb, accountsTableName, transfersTableName }: StackUnderTest,
  prefix: string,
): Promise<CopiedTables> {
  const [accounts, transfers] = [`${prefix}-Accounts`, `${prefix}-Transfers`];
  // The audit expects transfers that an account includes, so accounts are copied first.
  await copyTable(dynamoDb, accountsTableName, accounts);
  await copyTable(dynamoDb, transfersTableName, transfers);
  const remove = async (): Promise<void> => {
    for (const TableName of [accounts, transfers]) {
      await dynamoDb.send(new DeleteTableCommand({ TableName }));
    }
  };
  return { accounts, transfers, remove };
}

async function copyTable(client: DynamoDBClient, from: string, to: string): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: from }));
  await client.send(
    new CreateTableCommand({
      TableName: to,
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: MAX_WAIT_SECONDS, minDelay: 1 }, { TableName: to });
  for await (const { Items = [] } of paginateScan({ client }, { TableName: from, ConsistentRead: true })) {
    for (const Item of Items) {
      await client.send(new PutItemCommand({ TableName: to, Item }));
    }
  }
}
