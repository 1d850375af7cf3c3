/** Creates the tables that the template declares, with their streams and times to live. */

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { readProperties, type Stack } from '../stack/template.ts';
import { StartError } from '../start-error.ts';
import { type DynamoDbClient, DynamoDbError } from './dynamo-db-client.ts';
import { indexScanOrder } from './scan-order.ts';

const KEY = z.object({ AttributeName: z.string(), KeyType: z.string() });

/** The properties that matter here; backups, encryption and the like are ignored. */
const TABLE = z.object({
  TableName: z.string().optional(),
  KeySchema: z.array(KEY),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
});

type TableProperties = z.infer<typeof TABLE>;

interface TableDescription {
  readonly TableArn: string;
  readonly TableStatus: string;
  readonly KeySchema: TableProperties['KeySchema'];
  readonly LatestStreamArn?: string;
}

/**
 * Creates the tables that do not exist yet, and defines what references to them give.
 * @param tables the DynamoDB, what the names of all tables end in, and the file of the bundled emulator, if that is it
 */
export async function provisionTables(
  stack: Stack,
  tables: {
    readonly client: DynamoDbClient;
    readonly nameSuffix: string;
    readonly databaseFile?: string | undefined;
  },
): Promise<void> {
  const { client, nameSuffix, databaseFile } = tables;
  const names: string[] = [];
  for (const [logicalId, declared] of stack.resources('AWS::DynamoDB::Table')) {
    const properties = readProperties(logicalId, stack.resolve(declared), TABLE);
    const name = `${properties.TableName ?? `${stack.name}-${logicalId}`}${nameSuffix}`;
    const { TableArn, LatestStreamArn } =
      (await findTable(client, name, properties)) ?? (await createTable(client, name, properties));
    const stream: Record<string, string> =
      LatestStreamArn === undefined ? {} : { StreamArn: LatestStreamArn };
    stack.define(logicalId, { Ref: name, Arn: TableArn, ...stream });
    names.push(name);
  }
  if (databaseFile !== undefined) {
    indexScanOrder(databaseFile, names);
  }
}

async function findTable(
  client: DynamoDbClient,
  name: string,
  { KeySchema }: TableProperties,
): Promise<TableDescription | undefined> {
  const table = await describeTable(client, name);
  if (table !== undefined && !isDeepStrictEqual(table.KeySchema, KeySchema)) {
    throw new StartError(
      `The table ${name} has other keys than the stack declares; start with --fresh to create it again.`,
    );
  }
  return table;
}

async function createTable(
  client: DynamoDbClient,
  name: string,
  { KeySchema, AttributeDefinitions, StreamSpecification, TimeToLiveSpecification }: TableProperties,
): Promise<TableDescription> {
  await client.call('DynamoDB.CreateTable', {
    TableName: name,
    KeySchema,
    AttributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
    ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
  });
  const table = await untilActive(client, name);
  if (TimeToLiveSpecification) {
    await client.call('DynamoDB.UpdateTimeToLive', { TableName: name, TimeToLiveSpecification });
  }
  return table;
}

const CREATION_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

async function untilActive(client: DynamoDbClient, name: string): Promise<TableDescription> {
  const end = Date.now() + CREATION_TIMEOUT_MS;
  for (;;) {
    const table = await describeTable(client, name);
    if (table?.TableStatus === 'ACTIVE') {
      return table;
    }
    if (Date.now() > end) {
      throw new Error(`The table ${name} did not become active.`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function describeTable(client: DynamoDbClient, name: string): Promise<TableDescription | undefined> {
  try {
    const { Table } = await client.call<{ readonly Table: TableDescription }>('DynamoDB.DescribeTable', {
      TableName: name,
    });
    return Table;
  } catch (error) {
    if (error instanceof DynamoDbError && error.code === 'ResourceNotFoundException') {
      return undefined;
    }
    throw error;
  }
}
