/**
 * Stryker's test runner for code that needs no stack: imports the test files once and runs their tests again for each mutant, in one
 * process. For a mutant that takes effect while files are imported it imports them anew, and what they import of ours.
 */

import { globSync, readFileSync } from 'node:fs';
import { type ResolveFnOutput, registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MutantCoverage } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { type CollectedTest, collectTests } from './collected-tests.ts';
import { TESTS_VARIABLE } from './parts.ts';

/** What the mutated code and the runner tell each other. */
interface Instrumentation {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/** What tests get instead of these packages. */
const STAND_INS: Readonly<Record<string, string>> = {
  vitest: new URL('./collected-tests.ts', import.meta.url).href,
  'fast-check': new URL('./few-samples.ts', import.meta.url).href,
};

export class InProcessRunner implements TestRunner {
  readonly #files = new Map<string, readonly CollectedTest[]>();
  readonly #instrumentation: Instrumentation = {};
  #paths: readonly string[] = [];
  /** Counts how often files are imported anew. */
  #generation = 0;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    Object.assign(globalThis, { __stryker__: this.#instrumentation });
    Error.stackTraceLimit = 0;
    registerHooks({
      resolve: (specifier, context, next) =>
        standInFor(specifier, context.parentURL) ?? this.#inPresentGeneration(next(specifier, context)),
    });
    this.#paths = testPaths();
  }

  async dryRun(): Promise<DryRunResult> {
    const tests: TestResult[] = [];
    for (const path of this.#paths) {
      for (const test of await this.#testsOf(path)) {
        this.#instrumentation.currentTestId = test.id;
        tests.push(await resultOf(test, path));
        this.#instrumentation.currentTestId = undefined;
      }
    }
    const mutantCoverage = this.#instrumentation.mutantCoverage ?? { static: {}, perTest: {} };
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  async mutantRun({
    activeMutant,
    testFilter,
    hitLimit,
    reloadEnvironment,
  }: MutantRunOptions): Promise<MutantRunResult> {
    if (reloadEnvironment) {
      this.#importAnew();
    }
    Object.assign(this.#instrumentation, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    const result = await this.#run(testFilter && new Set(testFilter));
    const { hitCount } = this.#instrumentation;
    Object.assign(this.#instrumentation, { activeMutant: undefined, hitLimit: undefined });
    const timeout = determineHitLimitReached(hitCount, hitLimit);
    return timeout ? { ...timeout, status: MutantRunStatus.Timeout } : result;
  }

  /** Runs all tests of the files as they are now, until the first failure. */
  judgeFiles(): Promise<MutantRunResult> {
    this.#importAnew();
    return this.#run(undefined);
  }

  #importAnew(): void {
    this.#generation += 1;
    this.#files.clear();
  }

  /** Runs until the first failure; files are imported when their turn comes. */
  async #run(wanted: ReadonlySet<string> | undefined): Promise<MutantRunResult> {
    let nrOfTests = 0;
    for (const path of this.#paths) {
      try {
        for (const test of await this.#testsOf(path)) {
          if (wanted === undefined || wanted.has(test.id)) {
            nrOfTests += 1;
            const result = await resultOf(test, path);
            if (result.status === TestStatus.Failed) {
              const { id, failureMessage } = result;
              return { status: MutantRunStatus.Killed, killedBy: [id], failureMessage, nrOfTests };
            }
          }
        }
      } catch (error) {
        const failureMessage = `${path} can't be imported: ${messageOf(error)}`;
        return { status: MutantRunStatus.Killed, killedBy: [], failureMessage, nrOfTests };
      }
    }
    return { status: MutantRunStatus.Survived, nrOfTests };
  }

  /** A new address makes Node import a file anew; packages stay. */
  #inPresentGeneration(resolved: ResolveFnOutput): ResolveFnOutput {
    const isOurs = resolved.url.startsWith('file:') && !resolved.url.includes('/node_modules/');
    return isOurs ? { ...resolved, url: `${resolved.url}?generation=${this.#generation}` } : resolved;
  }

  async #testsOf(path: string): Promise<readonly CollectedTest[]> {
    const known = this.#files.get(path);
    if (known !== undefined) {
      return known;
    }
    const tests = await collectTests(path, () => import(pathToFileURL(resolve(path)).href));
    this.#files.set(path, tests);
    return tests;
  }
}

function standInFor(specifier: string, importedBy: string | undefined): ResolveFnOutput | undefined {
  const url = STAND_INS[specifier];
  return url === undefined || url === importedBy ? undefined : { url, shortCircuit: true };
}

async function resultOf({ id, name, run }: CollectedTest, fileName: string): Promise<TestResult> {
  const start = performance.now();
  const common = { id, name, fileName: resolve(fileName) };
  try {
    await run();
    return { ...common, status: TestStatus.Success, timeSpentMs: performance.now() - start };
  } catch (error) {
    const timeSpentMs = performance.now() - start;
    return { ...common, status: TestStatus.Failed, timeSpentMs, failureMessage: messageOf(error) };
  }
}

/** Small files come first, since the first failure ends a run; those that try many samples or orders, which take long, last. */
function testPaths(): readonly string[] {
  const patterns = (process.env[TESTS_VARIABLE] ?? '').split(',');
  const exclude = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const paths = globSync(
    patterns.filter((pattern) => !pattern.startsWith('!')),
    { exclude },
  );
  return paths
    .map((path) => ({ path, slowness: slownessOf(path) }))
    .sort((a, b) => a.slowness - b.slowness)
    .map(({ path }) => path);
}

function slownessOf(path: string): number {
  const source = readFileSync(path, 'utf8');
  return source.length * (/from '(fast-check|.*\/every-order\.ts)'/.test(source) ? 1_000 : 1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner as never),
];
