/**
 * `npm run test:deployed`: deploys the stack with the CDK CLI, runs the end-to-end tests against it, and always destroys
 * it afterwards. Arguments are passed on to vitest.
 */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScreen } from '../../../lib/local/demo/screen.ts';
import { CdkError, runCdk } from './cdk.ts';
import { DeploymentError } from './deployment-error.ts';
import { findTarget, type Target } from './target.ts';

const VITEST = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
const INTERRUPTED_STATUS = 130;

/** Short periods for the tests. The environment takes precedence. */
const TEST_SETTINGS = {
  APP_ACCOUNT_UPDATE_DELAY_SECONDS: '2',
  // The shortest period of a schedule in the cloud.
  APP_ACCOUNTS_SCAN_HOURS: '0.0166',
};

const screen = createScreen(process.stdout);
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
  const folder = mkdtempSync(join(tmpdir(), 'deployment-'));
  const stackName = `SwaptacularAccountsTest-${randomBytes(3).toString('hex')}`;
  const environment = {
    ...TEST_SETTINGS,
    ...target.environment,
    APP_STACK_NAME: stackName,
    APP_DISPOSABLE: 'true',
  };
  const cdk = (...args: string[]) => runCdk([...args, '--app', join(folder, 'assembly')], environment);
  const outputsFile = join(folder, 'outputs.json');
  interruption.leaves = stackName;
  try {
    await step('Synthesizing', 'Synthesized', () =>
      runCdk(['synth', '--quiet', '--output', join(folder, 'assembly')], environment),
    );
    await deploy(target, stackName, (...args) => cdk(...args, '--outputs-file', outputsFile), cdk);
    if (interruption.happened) {
      return INTERRUPTED_STATUS;
    }
    return await runTests(vitestArgs, { ...target.environment, E2E_OUTPUTS_FILE: outputsFile });
  } finally {
    await step(`Destroying ${stackName}`, `Destroyed ${stackName}`, () => cdk('destroy', '--force'));
    rmSync(folder, { recursive: true, force: true });
  }
}

type Cdk = (...args: string[]) => Promise<void>;

async function deploy(
  { name, isEmulator }: Target,
  stackName: string,
  cdk: Cdk,
  plainCdk: Cdk,
): Promise<void> {
  const bootstrap = () => step(`Bootstrapping ${name}`, `Bootstrapped ${name}`, () => plainCdk('bootstrap'));
  const deployStack = () =>
    step(`Deploying ${stackName} to ${name}`, `Deployed ${stackName} to ${name}`, () =>
      cdk('deploy', '--require-approval', 'never'),
    );
  if (isEmulator) {
    await bootstrap();
  }
  try {
    await deployStack();
  } catch (error) {
    if (isEmulator || !(error instanceof CdkError && /bootstrap/i.test(error.words))) {
      throw error;
    }
    await bootstrap();
    await deployStack();
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

/** Shows the present step, and how long it took. */
async function step(doing: string, done: string, act: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
  const show = screen.progress(`${doing} …`);
  try {
    await act();
    show(`✓ ${done} (${seconds()} s)`);
  } catch (error) {
    show(`✗ ${doing} (${seconds()} s)`);
    throw error;
  }
}

/** The first signal ends the tests, and the stack is then destroyed; a second one ends everything. */
function listenForInterruption() {
  const state = { happened: false, leaves: '', onHappened: () => {} };
  const onSignal = () => {
    if (state.happened) {
      console.error(`Stopped at once; the stack ${state.leaves} may still be there.`);
      process.exit(INTERRUPTED_STATUS);
    }
    state.happened = true;
    state.onHappened();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, onSignal);
  }
  return state;
}
