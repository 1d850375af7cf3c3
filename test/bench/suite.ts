/** The whole benchmark as a list of parts in order, and the choice among them. How each is measured is elsewhere. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { measureBundles } from './bundles.ts';
import { contend } from './contention.ts';
import { startDirectAuthority } from './direct-authority.ts';
import { describeMachine } from './machine.ts';
import { measureMemory } from './memory.ts';
import { firstDebtorIdOf, PATIENCE_MS, runPaymentParts } from './payment-parts.ts';
import { share } from './planned-runs.ts';
import { measureRedelivery } from './redelivery.ts';
import type { BenchResults, MemoryResult } from './results.ts';
import { measureAtSize } from './scaling.ts';
import type { Part, SuiteOptions } from './suite-options.ts';

const SMALLEST_TABLE = 1_000;
const SCALING_TRANSFERS = 4_000;
const REDELIVERED_TRANSFERS = 1_000;
const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128];
/** Half a million payments, a million messages. */
const MEMORY = { transferCount: 500_000, stretchCount: 25, accountUpdateDelaySeconds: 2 };
const CONTENTION = { messageCount: 3_200, batchSize: 20, seed: 1 };

export async function runSuite(options: SuiteOptions): Promise<BenchResults> {
  mkdirSync(options.folder, { recursive: true });
  const data = mkdtempSync(join(options.folder, 'data-'));
  const removeData = () => rmSync(data, { recursive: true, force: true });
  process.once('exit', removeData);
  try {
    return await runParts(options, data);
  } finally {
    process.off('exit', removeData);
    removeData();
  }
}

async function runParts(options: SuiteOptions, data: string): Promise<BenchResults> {
  const has = (part: Part) => options.parts.has(part);
  const startedAt = new Date();
  const machine = describeMachine();
  return {
    startedAt: startedAt.toISOString(),
    machine,
    cases: await runPaymentParts(options, data, firstDebtorIdOf(startedAt.getTime())),
    scaling: has('scaling') ? await scale(options, data) : [],
    redelivery: has('redelivery')
      ? await measureRedelivery(share(REDELIVERED_TRANSFERS, options.divisor))
      : undefined,
    contention: has('contention') ? await contendAll(options) : [],
    memory: has('memory') ? await fillMemory(options) : undefined,
    bundles: has('bundles') ? await measureBundles() : [],
  };
}

async function scale(
  { maxAccounts, divisor, onProgress }: SuiteOptions,
  dir: string,
): Promise<BenchResults['scaling']> {
  const results: BenchResults['scaling'][number][] = [];
  for (let size = SMALLEST_TABLE; size <= maxAccounts; size *= 10) {
    results.push(
      await measureAtSize({
        dir,
        accountsInTable: size,
        transferCount: share(SCALING_TRANSFERS, divisor),
        patienceMs: PATIENCE_MS,
        onProgress: (step, done, total) =>
          onProgress(`${size.toLocaleString('en-US')} accounts: ${step}`, done, total),
      }),
    );
  }
  return results;
}

async function contendAll({ onProgress }: SuiteOptions): Promise<BenchResults['contention']> {
  const results: BenchResults['contention'][number][] = [];
  for (const concurrency of CONCURRENCIES) {
    onProgress('a busy account: concurrent invocations', concurrency, CONCURRENCIES.at(-1) ?? 0);
    results.push(await contend({ ...CONTENTION, concurrency }));
  }
  return results;
}

async function fillMemory({ divisor, onProgress }: SuiteOptions): Promise<MemoryResult> {
  const { transferCount, stretchCount, accountUpdateDelaySeconds } = MEMORY;
  const authority = await startDirectAuthority({ accountUpdateDelaySeconds });
  try {
    return await measureMemory({
      authority,
      firstDebtorId: firstDebtorIdOf(0),
      stretchCount,
      transfersInStretch: share(transferCount / stretchCount, divisor),
      patienceMs: PATIENCE_MS,
      onProgress: (step, done, total) => onProgress(`memory, ${step}`, done, total),
    });
  } finally {
    await authority.stop();
  }
}
