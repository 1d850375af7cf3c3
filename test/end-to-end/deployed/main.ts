/**
 * `npm run test:deployed`: deploys the stack with the CDK CLI, runs the end-to-end tests against it, and always destroys
 * it afterwards. Arguments are passed on to vitest.
 */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createScreen } from '../../../lib/local/demo/screen.ts';
import { CdkError } from './cdk.ts';
import { DeploymentError } from './deployment-error.ts';
import { DisposableStack } from './disposable-stack.ts';
import { INTERRUPTED_STATUS, listenForInterruption } from './interruption.ts';
import { findTarget } from './target.ts';

const VITEST = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'vitest', 'vitest.mjs');

const interruption = listenForInterruption();

try {
  process.exitCode = await testDeployed(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof DeploymentError)) {
    throw error;
  }
  if (error instanceof CdkError) {
    console.error(error.words);
  }
  createScreen(process.stderr).line(`✗ ${error.message}`, 'red');
  process.exitCode = 1;
}

/** @returns the exit status */
async function testDeployed(vitestArgs: readonly string[]): Promise<number> {
  const target = await findTarget(process.env);
  const stack = new DisposableStack(target, createScreen(process.stdout));
  interruption.leaves = stack.name;
  try {
    await stack.deploy();
    if (interruption.happened) {
      return INTERRUPTED_STATUS;
    }
    return await runTests(vitestArgs, { ...target.environment, E2E_OUTPUTS_FILE: stack.outputsFile });
  } finally {
    await stack.destroy();
  }
}

async function runTests(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const child = spawn(process.execPath, [VITEST, 'run', '--project', 'end-to-end', ...args], {
    env: environment,
    stdio: 'inherit',
  });
  interruption.onHappened = () => void child.kill('SIGTERM');
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return interruption.happened ? INTERRUPTED_STATUS : (status ?? 1);
}
