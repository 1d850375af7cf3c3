/** The same payments on larger and larger tables: whether the size makes a transfer slower or costlier. */

import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createDynamoDbClient } from '../../lib/local/emulators/dynamo-db-client.ts';
import { encodeAccount } from '../../lib/storage/account-codec.ts';
import type { Item } from '../../lib/storage/fields.ts';
import type { BenchCase } from './cases.ts';
import { startDirectAuthority } from './direct-authority.ts';
import { ALL_AT_ONCE } from './load.ts';
import type { ScalingResult } from './results.ts';
import { runCase } from './run-case.ts';
import { DatabaseFile, TABLES } from './sweep/database-file.ts';
import { accountAt } from './sweep/population.ts';

export interface ScalingOptions {
  /** The tables are created in new folders inside this one, and removed. */
  readonly dir: string;
  readonly accountsInTable: number;
  readonly transferCount: number;
  readonly patienceMs: number;
  readonly onProgress: (step: string, done: number, total: number) => void;
}

const DEBTOR_ID = -1;
const FILLER = { transferCount: 0, currencyCount: 10, dueShare: 0, preparedShare: 0 };

/** The payments are spread evenly: with enough accounts, each pays or is paid once. */
export async function measureAtSize(options: ScalingOptions): Promise<ScalingResult> {
  const { accountsInTable, transferCount, patienceMs, onProgress } = options;
  const payers = Math.min(transferCount, Math.floor(accountsInTable / 2));
  const fillerCount = Math.max(0, accountsInTable - 2 * payers);
  const folder = mkdtempSync(join(options.dir, 'scaling-'));
  // Millions of items are written directly into the emulator's file.
  const databaseFile = join(folder, 'tables.sqlite');
  const authority = await startDirectAuthority({
    databaseFile,
    accountUpdateDelaySeconds: 3,
    fillTables: (endpoint) => fill(endpoint, databaseFile, fillerCount, onProgress),
  });
  try {
    const benchCase: BenchCase = {
      name: 'spread',
      title: `payments spread over ${2 * payers} accounts`,
      transferCount,
      parties: () => ({
        accountCount: 2 * payers,
        pairing: (index) => ({ sender: index % payers, recipient: payers + (index % payers) }),
      }),
      load: ALL_AT_ONCE,
    };
    const result = await runCase(benchCase, {
      authority,
      debtorId: DEBTOR_ID,
      transferCount,
      patienceMs,
      onProgress,
    });
    return { accountsInTable, result };
  } finally {
    await authority.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(
  endpoint: string,
  file: string,
  count: number,
  onProgress: ScalingOptions['onProgress'],
): Promise<void> {
  if (count === 0) {
    return;
  }
  const client = createDynamoDbClient(endpoint);
  const database = new DatabaseFile(file, client);
  let filledCount = 0;
  await database.fill(TABLES.accounts, fillers(count), (more) => {
    filledCount += more;
    if (filledCount % 1_000 === 0) {
      onProgress('filling', filledCount, count);
    }
  });
  database.close();
  client.close();
}

function* fillers(accountCount: number): Generator<Item> {
  for (let number = 0; number < accountCount; number++) {
    yield encodeAccount(accountAt(number, { ...FILLER, accountCount }));
  }
}
