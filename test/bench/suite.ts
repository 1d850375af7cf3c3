/** The whole benchmark as a list of parts in order, and the choice among them. How each is measured is elsewhere. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Authority } from './authority.ts';
import { measureBundles } from './bundles.ts';
import { type BenchCase, CASES } from './cases.ts';
import { contend } from './contention.ts';
import { startDirectAuthority } from './direct-authority.ts';
import { measureMemory } from './memory.ts';
import { measureRedelivery } from './redelivery.ts';
import type { BenchResults, Machine, MemoryResult } from './results.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { measureAtSize } from './scaling.ts';
import { connectToStack, startLocalAuthority } from './stack-authority.ts';
import type { StackOutputs } from './stack-outputs.ts';

export const PARTS = ['direct', 'local', 'scaling', 'redelivery', 'contention', 'memory', 'bundles'] as const;
export type Part = (typeof PARTS)[number];

export interface SuiteOptions {
  readonly parts: ReadonlySet<Part>;
  readonly cases: ReadonlySet<string>;
  /** Every number of payments is divided by this. */
  readonly divisor: number;
  /** How many accounts the largest table has. */
  readonly maxAccounts: number;
  /** The stack to measure instead of a local run and directly fed handlers. */
  readonly stack: StackOutputs | undefined;
  /** The folder for data and results. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (label: string, done: number, total: number) => void;
  readonly onResult: (result: CaseResult) => void;
}

const PATIENCE_MS = 120_000;
const SMALLEST_TABLE = 1_000;
const SCALING_TRANSFERS = 4_000;
const REDELIVERED_TRANSFERS = 1_000;
const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64, 128];
/** Half a million payments, a million messages. */
const MEMORY = { transferCount: 500_000, stretchCount: 25, accountUpdateDelaySeconds: 2 };
const CONTENTION = { messageCount: 3_200, batchSize: 20, seed: 1 };
/** How long AccountUpdates are deferred in the local run: shorter than in the cloud, since the benchmark waits for them. */
const FOLDING_SECONDS = { isolated: 1, others: 8 };
const DIRECT_FOLDING_SECONDS = 20;
const DEBTOR_PREFIX = '-7';

export async function runSuite(options: SuiteOptions): Promise<BenchResults> {
  const data = mkdtempSync(join(makeFolder(options.folder), 'data-'));
  const removeData = () => rmSync(data, { recursive: true, force: true });
  process.once('exit', removeData);
  try {
    return await new Suite(options, data).run();
  } finally {
    process.off('exit', removeData);
    removeData();
  }
}

function makeFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

class Suite {
  readonly #options: SuiteOptions;
  readonly #data: string;
  readonly #cases: CaseResult[] = [];
  /** Each case of each run has its own currency, whose ID begins with `DEBTOR_PREFIX`. */
  #debtorId = -7_000_000_000 - (Date.now() % 90_000_000) * 10;

  constructor(options: SuiteOptions, data: string) {
    this.#options = options;
    this.#data = data;
  }

  async run(): Promise<BenchResults> {
    const { parts, stack } = this.#options;
    const startedAt = new Date().toISOString();
    const machine = describeMachine();
    if (stack !== undefined) {
      await this.#runAll(await connectToStack(stack, DEBTOR_PREFIX), this.#chosenCases());
    } else {
      if (parts.has('direct')) {
        await this.#runDirect();
      }
      if (parts.has('local')) {
        await this.#runLocal();
      }
    }
    return {
      startedAt,
      machine,
      cases: this.#cases,
      scaling: parts.has('scaling') ? await this.#scale() : [],
      redelivery: parts.has('redelivery')
        ? await measureRedelivery(this.#share(REDELIVERED_TRANSFERS))
        : undefined,
      contention: parts.has('contention') ? await this.#contend() : [],
      memory: parts.has('memory') ? await this.#measureMemory() : undefined,
      bundles: parts.has('bundles') ? await measureBundles() : [],
    };
  }

  async #runDirect(): Promise<void> {
    const options = { accountUpdateDelaySeconds: DIRECT_FOLDING_SECONDS };
    await this.#runAll(await startDirectAuthority(options), this.#chosenCases());
  }

  async #runLocal(): Promise<void> {
    const isolated = (benchCase: BenchCase) => benchCase.name === 'isolated';
    const cases = this.#chosenCases();
    await this.#runInStack('isolated', cases.filter(isolated));
    await this.#runInStack(
      'others',
      cases.filter((benchCase) => !isolated(benchCase)),
    );
  }

  async #runInStack(kind: keyof typeof FOLDING_SECONDS, cases: readonly BenchCase[]): Promise<void> {
    if (cases.length === 0) {
      return;
    }
    this.#options.onProgress('starting a local run', 0, 0);
    const authority = await startLocalAuthority({
      dir: mkdtempSync(join(this.#data, `${kind}-`)),
      environment: {
        APP_ACCOUNT_UPDATE_DELAY_SECONDS: `${FOLDING_SECONDS[kind]}`,
        ...this.#options.environment,
      },
      debtorPrefix: DEBTOR_PREFIX,
    });
    await this.#runAll(authority, cases);
  }

  async #runAll(authority: Authority, cases: readonly BenchCase[]): Promise<void> {
    try {
      for (const benchCase of cases) {
        const result = await runCase(benchCase, {
          authority,
          debtorId: this.#debtorId,
          transferCount: this.#share(benchCase.transferCount),
          patienceMs: PATIENCE_MS,
          onProgress: (step, done, total) =>
            this.#options.onProgress(`${benchCase.name}: ${step}`, done, total),
        });
        this.#debtorId -= 1;
        this.#cases.push(result);
        this.#options.onResult(result);
      }
    } finally {
      await authority.stop();
    }
  }

  async #scale(): Promise<BenchResults['scaling']> {
    const { maxAccounts, onProgress } = this.#options;
    const results: BenchResults['scaling'][number][] = [];
    for (let size = SMALLEST_TABLE; size <= maxAccounts; size *= 10) {
      results.push(
        await measureAtSize({
          dir: this.#data,
          accountsInTable: size,
          transferCount: this.#share(SCALING_TRANSFERS),
          patienceMs: PATIENCE_MS,
          onProgress: (step, done, total) =>
            onProgress(`${size.toLocaleString('en-US')} accounts: ${step}`, done, total),
        }),
      );
    }
    return results;
  }

  async #contend(): Promise<BenchResults['contention']> {
    const results: BenchResults['contention'][number][] = [];
    for (const concurrency of CONCURRENCIES) {
      this.#options.onProgress(
        'a busy account: concurrent invocations',
        concurrency,
        CONCURRENCIES.at(-1) ?? 0,
      );
      results.push(await contend({ ...CONTENTION, concurrency }));
    }
    return results;
  }

  async #measureMemory(): Promise<MemoryResult> {
    const { transferCount, stretchCount, accountUpdateDelaySeconds } = MEMORY;
    const authority = await startDirectAuthority({ accountUpdateDelaySeconds });
    try {
      return await measureMemory({
        authority,
        firstDebtorId: this.#debtorId,
        stretchCount,
        transfersInStretch: this.#share(transferCount / stretchCount),
        patienceMs: PATIENCE_MS,
        onProgress: (step, done, total) => this.#options.onProgress(`memory, ${step}`, done, total),
      });
    } finally {
      await authority.stop();
    }
  }

  #chosenCases(): BenchCase[] {
    return CASES.filter(({ name }) => this.#options.cases.has(name));
  }

  #share(count: number): number {
    return Math.max(1, Math.round(count / this.#options.divisor));
  }
}

function describeMachine(): Machine {
  return {
    processors: availableParallelism(),
    processorModel: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}
