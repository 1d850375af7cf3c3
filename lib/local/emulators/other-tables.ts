/**
 * Tables in a DynamoDB that is not the local run's own, such as DynamoDB Local. Several local runs may use it, so the names
 * of the tables end in a suffix, which is kept in the data folder. The tables are created in provision-tables.ts.
 */

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDbClient } from './dynamo-db-client.ts';

/** The suffix of the folder's tables; a new one for a folder without any. */
export function otherTablesSuffix(folder: string): string {
  const file = join(folder, 'table-suffix');
  if (!existsSync(file)) {
    writeFileSync(file, `-${randomUUID().slice(0, 8)}`);
  }
  return readFileSync(file, 'utf8');
}

/** Deletes all tables whose names end in the suffix. */
export async function deleteOtherTables(client: DynamoDbClient, suffix: string): Promise<void> {
  for (const TableName of (await listTables(client)).filter((name) => name.endsWith(suffix))) {
    await client.call('DynamoDB.DeleteTable', { TableName });
  }
}

async function listTables(client: DynamoDbClient): Promise<readonly string[]> {
  const names: string[] = [];
  let last: string | undefined;
  do {
    const { TableNames, LastEvaluatedTableName } = await client.call<{
      readonly TableNames: readonly string[];
      readonly LastEvaluatedTableName?: string;
    }>('DynamoDB.ListTables', last === undefined ? {} : { ExclusiveStartTableName: last });
    names.push(...TableNames);
    last = LastEvaluatedTableName;
  } while (last !== undefined);
  return names;
}
