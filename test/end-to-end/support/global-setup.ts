/**
 * The stack for the end-to-end tests: an already deployed one if E2E_OUTPUTS_FILE names its outputs, otherwise one local
 * run for all test files.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

const LOCAL_PATIENCE_MS = 45_000;
/** Balances may be announced minutes late, depending on the stack's settings. */
const DEPLOYED_PATIENCE_MS = 200_000;

export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { E2E_OUTPUTS_FILE: file } = process.env;
  if (file !== undefined) {
    project.provide('stack', { outputs: readOutputs(file), patienceMs: DEPLOYED_PATIENCE_MS });
    return undefined;
  }
  const dir = mkdtempSync(join(tmpdir(), 'end-to-end-'));
  const localRun = fork(join(import.meta.dirname, '..', '..', 'support', 'local-run-process.ts'), [dir], {
    // Sweeps, which do the time-driven work, run every two seconds.
    env: { ...process.env, APP_ACCOUNTS_SCAN_HOURS: '0.0005' },
  });
  const ended = new Promise<void>((resolve) => localRun.once('exit', () => resolve()));
  const outputs = readOutputs(await outputsFileOf(localRun));
  project.provide('stack', { outputs, patienceMs: LOCAL_PATIENCE_MS });
  return async () => {
    localRun.disconnect();
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
}

function outputsFileOf(localRun: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    localRun.once('message', ({ outputsFile }: { outputsFile: string }) => resolve(outputsFile));
    localRun.once('exit', () => reject(new Error('The local run did not start; see above.')));
  });
}

function readOutputs(file: string): Readonly<Record<string, string>> {
  const stacks = Object.values(
    JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>,
  );
  const [outputs] = stacks;
  if (outputs === undefined || stacks.length > 1) {
    throw new Error(`${file} tells of ${stacks.length} stacks.`);
  }
  return outputs;
}
