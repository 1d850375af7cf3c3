/** The parts of the benchmark that make payments: on directly fed handlers, on a local run, or on a stack that runs already. */

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from './authority.ts';
import type { CaseResult } from './case-result.ts';
import { startDirectAuthority } from './direct-authority.ts';
import { printLoad } from './load.ts';
import { caseRuns, loadRuns, type PlannedRun } from './planned-runs.ts';
import { runCase } from './run-case.ts';
import { connectToStack, startLocalAuthority } from './stack-authority.ts';
import type { SuiteOptions } from './suite-options.ts';

/** How long to wait for the next message before missing ones count as lost. */
export const PATIENCE_MS = 120_000;
/** How long AccountUpdates are deferred: shorter than in the cloud, since each load waits for them, some of them three times. */
const UPDATE_DELAY_SECONDS = { whole: 10, short: 2 };
const DEBTOR_PREFIX = '-7';

/** Currencies for this run that no other one has: their IDs begin with `DEBTOR_PREFIX`. */
export function firstDebtorIdOf(instant: number): number {
  return -7_000_000_000 - (instant % 90_000_000) * 10;
}

/** Each run gets the next lower currency. */
export async function runPaymentParts(
  options: SuiteOptions,
  dataFolder: string,
  firstDebtorId: number,
): Promise<readonly CaseResult[]> {
  const { parts, stack } = options;
  const results: CaseResult[] = [];
  const runAll = async (authority: Authority, runs: readonly PlannedRun[]) => {
    try {
      for (const run of runs) {
        const debtorId = firstDebtorId - results.length;
        const result = await runPlanned(run, { authority, debtorId, options });
        results.push(result);
        options.onResult(result);
      }
    } finally {
      await authority.stop();
    }
  };
  const onStack = [
    ...(parts.has('loads') ? loadRuns(options) : []),
    ...(parts.has('local') ? caseRuns(options) : []),
  ];
  if (parts.has('direct') && stack === undefined) {
    await runAll(
      await startDirectAuthority({ accountUpdateDelaySeconds: updateDelayOf(options) }),
      caseRuns(options),
    );
  }
  if (onStack.length > 0) {
    await runAll(
      stack === undefined
        ? await startLocal(options, dataFolder)
        : await connectToStack(stack, DEBTOR_PREFIX),
      onStack,
    );
  }
  return results;
}

function startLocal(options: SuiteOptions, dataFolder: string): Promise<Authority> {
  const { environment, profileFolder, onProgress } = options;
  onProgress('starting a local run', 0, 0);
  return startLocalAuthority({
    dir: mkdtempSync(join(dataFolder, 'local-run-')),
    environment,
    updateDelaySeconds: Number(environment.APP_ACCOUNT_UPDATE_DELAY_SECONDS ?? updateDelayOf(options)),
    debtorPrefix: DEBTOR_PREFIX,
    profileFolder,
  });
}

function updateDelayOf({ isWhole }: SuiteOptions): number {
  return isWhole ? UPDATE_DELAY_SECONDS.whole : UPDATE_DELAY_SECONDS.short;
}

function runPlanned(
  { benchCase, ...run }: PlannedRun,
  {
    authority,
    debtorId,
    options,
  }: { readonly authority: Authority; readonly debtorId: number; readonly options: SuiteOptions },
): Promise<CaseResult> {
  const label = `${benchCase.name}, ${printLoad(run.load)}`;
  return runCase(benchCase, {
    ...run,
    authority,
    debtorId,
    patienceMs: PATIENCE_MS,
    onProgress: (step, done, total) => options.onProgress(`${label}: ${step}`, done, total),
  });
}
