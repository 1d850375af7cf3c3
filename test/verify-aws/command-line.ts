/** `npm run verify:aws`: deploys a stack, runs the steps, destroys it, and writes what was found. */

import { writeFileSync } from 'node:fs';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { createScreen } from '../../lib/local/demo/screen.ts';
import { totalOf } from '../bench/cost/cost-line.ts';
import { figureOfLoneTransfer } from '../bench/figures/cost-blocks.ts';
import { readFigures } from '../bench/figures/figures.ts';
import { CdkError } from '../end-to-end/deployed/cdk.ts';
import { DeploymentError } from '../end-to-end/deployed/deployment-error.ts';
import { DisposableStack } from '../end-to-end/deployed/disposable-stack.ts';
import { listenForInterruption } from '../end-to-end/deployed/interruption.ts';
import { findTarget, type Target } from '../end-to-end/deployed/target.ts';
import { running } from './child-process.ts';
import { type DeployedPlace, openPlace } from './deployed-place.ts';
import { estimateOf, type VerificationCounts } from './estimate.ts';
import { parseVerificationOptions, type VerificationOptions } from './options.ts';
import { planOf, STEP_NAMES, STEP_TITLES, type StepName } from './plan.ts';
import {
  type DeploymentResult,
  exitCodeOf,
  type Outcome,
  printVerification,
  type StepResult,
} from './report.ts';
import { runSteps } from './run-steps.ts';
import { PROBE_WRITE_UNITS as CONFLICT_UNITS, verifyConflictBilling } from './steps/conflict-billing.ts';
import { verifyCrossAccount } from './steps/cross-account.ts';
import { verifyEndToEnd } from './steps/end-to-end.ts';
import { verifyLatency } from './steps/latency.ts';
import { PROBE_WRITE_UNITS as LOOP_UNITS, verifyLoopDetection } from './steps/loop-detection.ts';
import { verifyRetryCadence } from './steps/retry-cadence.ts';

const HELP = `Deploys a disposable stack, finds out what only a real account can show, destroys the stack, and says what it cost.

  npm run verify:aws                                      all steps, about an hour, in the account of AWS_PROFILE and AWS_REGION
  npm run verify:aws -- --endpoint http://127.0.0.1:4566  what an emulator (MiniStack, LocalStack) can show

  --steps NAME,NAME       only these, of:
${STEP_NAMES.map((name) => `                          ${name.padEnd(17)} ${STEP_TITLES[name]}`).join('\n')}
  --second-profile NAME   the profile of another account, for cross-account
  --payments N            how many payments latency measures (default 120), one a second
  --endpoint URL          where all services answer, instead of AWS (also AWS_ENDPOINT_URL)
  --report FILE           where to write the report (default verification.md)
  --keep                  leave the stack there
  --help                  print this text

A step that fails does not keep the next ones from running, and the stack is destroyed in any case. Ctrl-C ends the step and destroys it.
Exit code: 0 when no step failed, 1 when one did or the stack could not be deployed or destroyed, 2 when nothing was begun.`;

const HOUR_MS = 3_600_000;

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  try {
    const options = parseVerificationOptions(args);
    const { endpoint } = options;
    const target = await findTarget({ ...process.env, ...(endpoint && { AWS_ENDPOINT_URL: endpoint }) });
    return await verify(options, target);
  } catch (error) {
    if (!(error instanceof DeploymentError)) {
      throw error;
    }
    console.error(error.message);
    return 2;
  }
}

const SCREEN = createScreen(process.stdout);

async function verify(options: VerificationOptions, target: Target): Promise<number> {
  const startedAt = new Date();
  // With aliases, as a stack that is kept has them; without CodeDeploy, since nothing is upgraded.
  const stack = new DisposableStack(target, SCREEN, { APP_TRAFFIC_SHIFT: 'at-once' });
  const interruption = listenForInterruption();
  interruption.leaves = stack.name;
  interruption.onHappened = () => running.end();
  const plan = planOf(options.steps, { isEmulator: target.isEmulator, secondProfile: options.secondProfile });
  let results: readonly StepResult[] = [];
  let counts: Pick<VerificationCounts, 'accounts' | 'transfers'> = { accounts: 0, transfers: 0 };
  let deployment: DeploymentResult['kind'] = 'not deployed';
  try {
    await stack.deploy();
    deployment = 'kept';
    const place = openPlace(target, stack);
    results = await runSteps(plan, {
      run: (name) => runStep(name, place, options),
      now: () => performance.now(),
      onStep: show,
      isInterrupted: () => interruption.happened,
    });
    counts = await countItems(place).catch(() => counts);
    place.close();
  } catch (error) {
    tellFailure(error);
  }
  if (!options.keeps || deployment === 'not deployed') {
    deployment = await destroy(stack, deployment);
  }
  const figure = figureOfLoneTransfer(readFigures());
  const hours = (Date.now() - startedAt.getTime()) / HOUR_MS;
  const estimate =
    figure === undefined
      ? []
      : estimateOf({ ...counts, hours, probeWriteUnits: probeUnits(results) }, figure.counts);
  const verification = {
    place: target.name,
    isEmulator: target.isEmulator,
    startedAt: startedAt.toISOString(),
    deployment: { kind: deployment, stackName: stack.name },
    results,
    estimate,
  };
  writeFileSync(options.reportFile, printVerification(verification));
  SCREEN.line(
    `${target.isEmulator ? 'On AWS it would have cost' : 'It cost'} about $${totalOf(estimate).toFixed(2)}, as estimated. The report is in ${options.reportFile}.`,
  );
  return exitCodeOf(verification);
}

function runStep(name: StepName, place: DeployedPlace, options: VerificationOptions): Promise<Outcome> {
  switch (name) {
    case 'end-to-end':
      return verifyEndToEnd(place);
    case 'latency':
      return verifyLatency(place, options.payments);
    case 'conflict-billing':
      return verifyConflictBilling(place);
    case 'cross-account':
      return verifyCrossAccount(place, options.secondProfile ?? '');
    case 'retry-cadence':
      return verifyRetryCadence(place);
    case 'loop-detection':
      return verifyLoopDetection(place);
    default:
      return name satisfies never;
  }
}

let endProgress = (_line?: string): void => {};

function show(name: StepName, result?: StepResult): void {
  if (result === undefined) {
    endProgress = SCREEN.progress(`${STEP_TITLES[name]} …`);
    return;
  }
  const { outcome, seconds } = result;
  const mark = { measured: '✓', failed: '✗', 'not possible': '–' }[outcome.kind];
  const words =
    outcome.kind === 'measured' ? `${seconds.toFixed(0)} s` : `${outcome.kind}: ${outcome.reason}`;
  endProgress(`${mark} ${STEP_TITLES[name]} (${words})`);
}

/** @returns what became of the stack */
async function destroy(
  stack: DisposableStack,
  before: DeploymentResult['kind'],
): Promise<DeploymentResult['kind']> {
  try {
    await stack.destroy();
    return before === 'not deployed' ? before : 'destroyed';
  } catch (error) {
    tellFailure(error);
    return 'left behind';
  }
}

function tellFailure(error: unknown): void {
  if (!(error instanceof DeploymentError)) {
    console.error(error instanceof Error ? error.stack : error);
    return;
  }
  if (error instanceof CdkError) {
    console.error(error.words);
  }
  console.error(error.message);
}

async function countItems({ dynamoDb, outputs }: DeployedPlace) {
  const count = async (TableName: string): Promise<number> => {
    let items = 0;
    let ExclusiveStartKey: ScanCommand['input']['ExclusiveStartKey'];
    do {
      const page = await dynamoDb.send(new ScanCommand({ TableName, Select: 'COUNT', ExclusiveStartKey }));
      items += page.Count ?? 0;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  };
  return {
    accounts: await count(outputs.get('AccountsTableName')),
    transfers: await count(outputs.get('TransfersTableName')),
  };
}

function probeUnits(results: readonly StepResult[]): number {
  const units: Partial<Record<StepName, number>> = {
    'conflict-billing': CONFLICT_UNITS,
    'loop-detection': LOOP_UNITS,
  };
  return results
    .filter(({ outcome }) => outcome.kind !== 'not possible')
    .reduce((sum, { name }) => sum + (units[name] ?? 0), 0);
}
