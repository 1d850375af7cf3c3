/** Fills two tables of the local emulator, sweeps them in every case, and checks the result of each sweep. */

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDynamoDbClient } from '../../../lib/local/emulators/dynamo-db-client.ts';
import { startTableEmulator } from '../../../lib/local/emulators/table-emulator.ts';
import { StopList } from '../../../lib/local/stop-list.ts';
import type { Progress } from '../../../lib/operations/progress.ts';
import type { Settings } from '../../../lib/rules/settings.ts';
import { encodeAccount } from '../../../lib/storage/account-codec.ts';
import type { Item } from '../../../lib/storage/fields.ts';
import { encodeRecord } from '../../../lib/storage/transfer-codec.ts';
import type { SweepCase } from './cases.ts';
import { createTables, DatabaseFile, TABLES, type TableName } from './database-file.ts';
import { accountAt, type Plan, transferAt } from './population.ts';
import { createClient, createStore, runSweep, type SweepMeasures } from './sweep-run.ts';
import { type Verification, verifySweep } from './verification.ts';

export interface BenchOptions {
  readonly plan: Plan;
  readonly cases: readonly SweepCase[];
  readonly settings: Settings;
  /** The emulator's file is created in a new folder inside this one, and removed at the end. */
  readonly dir: string;
  readonly concurrency: number;
  readonly invocationSeconds: number;
  readonly progress: Progress;
}

export interface CaseResult extends SweepMeasures {
  readonly name: string;
  readonly table: TableName;
  readonly verification: Verification;
  /** Sentences; empty when the sweep did all due work and nothing else. */
  readonly faults: readonly string[];
}

export interface BenchResult {
  readonly plan: Plan;
  readonly fillSeconds: number;
  /** Average item sizes in bytes, as DynamoDB counts them. */
  readonly itemBytes: { readonly accounts: number; readonly transfers: number };
  readonly cases: readonly CaseResult[];
}

/** @throws when the emulator can't be started or stores its data in an unknown form */
export async function measureSweeps(options: BenchOptions): Promise<BenchResult> {
  const started = new StopList();
  try {
    return await measure(options, started);
  } finally {
    await started.stopAll();
  }
}

async function measure(options: BenchOptions, started: StopList): Promise<BenchResult> {
  const { plan, cases, dir } = options;
  const folder = mkdtempSync(join(dir, 'bench-sweep-'));
  started.add(() => rmSync(folder, { recursive: true, force: true }));
  const databaseFile = join(folder, 'tables.sqlite');
  const emulator = await startTableEmulator({
    port: 0,
    patienceMs: 0,
    flag: '--dynamodb-port',
    databaseFile,
  });
  started.add(emulator.stop);
  const client = createDynamoDbClient(emulator.endpoint);
  started.add(client.close);
  await createTables(client);
  const database = new DatabaseFile(databaseFile, client);
  started.add(() => database.close());
  const startedAt = performance.now();
  await fill(database, options);
  const fillSeconds = (performance.now() - startedAt) / 1_000;
  const results: CaseResult[] = [];
  for (const sweepCase of cases.filter(({ table }) => itemCountOf(table, plan) > 0)) {
    results.push(await measureCase(sweepCase, emulator.endpoint, database, options));
  }
  const itemBytes = {
    accounts: Math.round(database.averageItemSize(TABLES.accounts)),
    transfers: Math.round(database.averageItemSize(TABLES.transfers)),
  };
  return { plan, fillSeconds, itemBytes, cases: results };
}

async function fill(database: DatabaseFile, { plan, progress }: BenchOptions): Promise<void> {
  for (const [table, items] of [
    [TABLES.accounts, accountItems(plan)],
    [TABLES.transfers, transferItems(plan)],
  ] as const) {
    progress.start(`fill ${table.toLowerCase()}`, itemCountOf(table, plan));
    await database.fill(table, items, progress.advance);
    progress.end();
  }
}

function* accountItems(plan: Plan): Generator<Item> {
  if (plan.accountCount === 0) {
    return;
  }
  for (let number = -plan.currencyCount; number < plan.accountCount; number += 1) {
    yield encodeAccount(accountAt(number, plan));
  }
}

function* transferItems(plan: Plan): Generator<Item> {
  for (let number = 0; number < plan.transferCount; number += 1) {
    yield encodeRecord(transferAt(number, plan));
  }
}

function itemCountOf(table: TableName, { accountCount, currencyCount, transferCount }: Plan): number {
  if (table === TABLES.transfers) {
    return transferCount;
  }
  return accountCount === 0 ? 0 : accountCount + currencyCount;
}

async function measureCase(
  sweepCase: SweepCase,
  endpoint: string,
  database: DatabaseFile,
  options: BenchOptions,
): Promise<CaseResult> {
  const { plan, progress } = options;
  const { name, table, now, workOf, prepare } = sweepCase;
  const expectedItemCount = itemCountOf(table, plan);
  await prepare?.(createStore(createClient(endpoint), { consumed: () => {} }), plan);
  progress.start(name, expectedItemCount);
  const measures = await runSweep({
    ...options,
    endpoint,
    now,
    workOf,
    expectedItemCount,
    onItems: progress.advance,
  });
  progress.end();
  const verification = verifySweep(database, sweepCase, expectedItemCount, plan);
  const faults = faultsOf(measures, verification, expectedItemCount);
  return { name, table, ...measures, verification, faults };
}

function faultsOf(measures: SweepMeasures, verification: Verification, expectedItemCount: number): string[] {
  const { doneCount, missedCount, unwantedCount, wrongCount, lostCount, examples } = verification;
  const { itemCount, writeCallCount, writeUnits } = measures;
  const dueCount = doneCount + missedCount + wrongCount;
  const possible: readonly (readonly [boolean, string])[] = [
    [missedCount > 0, `${missedCount} items were missed although something was due for them.`],
    [unwantedCount > 0, `${unwantedCount} items were written although nothing was due for them.`],
    [wrongCount > 0, `${wrongCount} items are not as they must be.`],
    [lostCount > 0, `${lostCount} items are gone.`],
    [itemCount !== expectedItemCount, `${itemCount} items were read instead of ${expectedItemCount}.`],
    [writeCallCount > dueCount, `${writeCallCount} calls wrote, though only ${dueCount} items were due.`],
    [dueCount === 0 && writeUnits > 0, `${writeUnits} write units were consumed for nothing.`],
  ];
  return [...possible.filter(([isFault]) => isFault).map(([, sentence]) => sentence), ...examples];
}
