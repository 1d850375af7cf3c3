/**
 * Counts the write units of transactions that DynamoDB cancels, in a table of its own for each reason: what CloudWatch says the
 * table consumed, less what the successful writes say of themselves, divided by the cancelled ones.
 */

import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DeployedPlace } from '../deployed-place.ts';
import { minuteOf, pause, sumsByMinute, total } from '../metrics.ts';
import type { Finding, Outcome } from '../report.ts';

const TRANSACTIONS = 300;
/** Of one item at once, so that most meet another. */
const RIVALS = 10;
const LOOK_EVERY_MS = 30_000;
/** CloudWatch has DynamoDB's figures after some minutes. */
const PATIENCE_MS = 600_000;
const TABLE_PATIENCE_SECONDS = 120;

export interface Tally {
  readonly succeeded: number;
  readonly cancelled: number;
  /** As the successful ones say. */
  readonly knownUnits: number;
  /** Codes of cancellations, by how often they came. */
  readonly codes: Readonly<Record<string, number>>;
}

type Attempt = { readonly units: number } | { readonly codes: readonly string[] };

export async function verifyConflictBilling(place: DeployedPlace): Promise<Outcome> {
  const findings: Finding[] = [];
  for (const kind of ['condition', 'conflict'] as const) {
    findings.push(...(await inOwnTable(place, kind, (table) => measure(place, kind, table))));
  }
  return { kind: 'measured', findings };
}

/** So many units the probes take at the most. */
export const PROBE_WRITE_UNITS = 2 * 2 * TRANSACTIONS;

async function inOwnTable<T>(
  { dynamoDb, stackName }: DeployedPlace,
  kind: string,
  work: (table: string) => Promise<T>,
): Promise<T> {
  const TableName = `${stackName}-${kind}`;
  await dynamoDb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  try {
    await waitUntilTableExists({ client: dynamoDb, maxWaitTime: TABLE_PATIENCE_SECONDS }, { TableName });
    return await work(TableName);
  } finally {
    await dynamoDb.send(new DeleteTableCommand({ TableName }));
  }
}

async function measure(
  place: DeployedPlace,
  kind: 'condition' | 'conflict',
  table: string,
): Promise<Finding[]> {
  const from = minuteOf(new Date());
  const attempts: Attempt[] = [];
  while (attempts.length < TRANSACTIONS) {
    const rivals = Array.from({ length: kind === 'conflict' ? RIVALS : 1 }, () =>
      attempt(place.dynamoDb, table, kind === 'condition'),
    );
    attempts.push(...(await Promise.all(rivals)));
  }
  const tally = tallyOf(attempts);
  const consumed = tally.cancelled === 0 ? undefined : await consumedUnits(place, { table, from, tally });
  return findingsOf(kind, tally, consumed);
}

async function attempt(client: DynamoDBClient, TableName: string, mustFail: boolean): Promise<Attempt> {
  const Put = {
    TableName,
    Item: { id: { S: 'one' }, at: { N: `${Date.now()}` } },
    ...(mustFail && { ConditionExpression: 'attribute_exists(neverWritten)' }),
  };
  try {
    const { ConsumedCapacity = [] } = await client.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put }], ReturnConsumedCapacity: 'TOTAL' }),
    );
    return { units: ConsumedCapacity.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0) };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) {
      throw error;
    }
    return { codes: (error.CancellationReasons ?? []).map(({ Code = '' }) => Code) };
  }
}

export function tallyOf(attempts: readonly Attempt[]): Tally {
  const codes: Record<string, number> = {};
  let [succeeded, knownUnits] = [0, 0];
  for (const one of attempts) {
    if ('units' in one) {
      succeeded += 1;
      knownUnits += one.units;
    } else {
      for (const code of one.codes) {
        codes[code] = (codes[code] ?? 0) + 1;
      }
    }
  }
  return { succeeded, cancelled: attempts.length - succeeded, knownUnits, codes };
}

/** @returns `undefined` where CloudWatch never tells, as on an emulator */
async function consumedUnits(
  { cloudWatch, target }: DeployedPlace,
  { table, from, tally }: { readonly table: string; readonly from: Date; readonly tally: Tally },
): Promise<number | undefined> {
  const metric = {
    namespace: 'AWS/DynamoDB',
    name: 'ConsumedWriteCapacityUnits',
    dimensions: { TableName: table },
  };
  const until = Date.now() + (target.isEmulator ? 0 : PATIENCE_MS);
  let last = -1;
  for (;;) {
    const sum = total(await sumsByMinute(cloudWatch, metric, { from, to: new Date() }));
    // Two looks that agree, and no less than is known: then CloudWatch has it all.
    if (sum > 0 && sum === last && sum >= tally.knownUnits) {
      return sum;
    }
    if (Date.now() >= until) {
      return sum > 0 ? sum : undefined;
    }
    last = sum;
    await pause(LOOK_EVERY_MS);
  }
}

export function findingsOf(
  kind: 'condition' | 'conflict',
  tally: Tally,
  consumed: number | undefined,
): Finding[] {
  const why = kind === 'condition' ? 'by its condition' : 'by a conflict';
  const codes = Object.entries(tally.codes).map(([code, count]) => `${code} ${count}`);
  const units =
    tally.cancelled === 0
      ? 'none was cancelled'
      : consumed === undefined
        ? 'not possible here: CloudWatch has no figures of the table'
        : ((consumed - tally.knownUnits) / tally.cancelled).toFixed(2);
  return [
    [`transactions that were made, and cancelled ${why}`, `${tally.succeeded} and ${tally.cancelled}`],
    [`reasons, ${kind}`, codes.length === 0 ? 'none' : codes.join(', ')],
    [`write units of one that is cancelled ${why} (an item under 1 KB; 2 if it were made)`, units],
  ];
}
