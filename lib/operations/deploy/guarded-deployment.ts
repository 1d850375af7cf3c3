/** Deploys stacks, unless that would lose a table or a queue; see template-losses.ts. */

import { type ExitCode, OperatorError, type OperatorOutput } from '../operator-command.ts';
import { dividedLedgers } from './divided-ledgers.ts';
import { type Concurrency, judgeReserve, reserveIn } from './reserve-check.ts';
import { stackPolicy } from './stack-policy.ts';
import type { SynthesizedStack } from './synthesized-stack.ts';
import { type Loss, lossesBetween, type Template } from './template-losses.ts';

/** What a deployment calls: the CDK CLI and CloudFormation. */
export interface DeploymentTools {
  /** @throws {OperatorError} when the app can't be synthesized */
  readonly synthesize: () => Promise<readonly SynthesizedStack[]>;
  /** @returns undefined when there is no such stack */
  readonly deployedTemplate: (stackName: string) => Promise<Template | undefined>;
  readonly setStackPolicy: (stackName: string, policy: string) => Promise<void>;
  /** @throws any error of the call */
  readonly readConcurrency: () => Promise<Concurrency>;
  readonly showDifference: () => Promise<void>;
  /** @returns whether all stacks were deployed */
  readonly deploy: () => Promise<boolean>;
}

export interface DeploymentWishes {
  /** The logical IDs of tables and queues that may go. */
  readonly released: readonly string[];
  readonly isDryRun: boolean;
}

/**
 * Shows the difference, and deploys if nothing is lost that was not released, no upgrade to other tables is gradual, and the account can
 * reserve what is asked for. Afterwards CloudFormation itself refuses losses.
 * @throws {OperatorError} when a released ID is not among the losses
 */
export async function deployGuarded(
  tools: DeploymentTools,
  { released, isDryRun }: DeploymentWishes,
  output: OperatorOutput,
): Promise<ExitCode> {
  const { print } = output;
  const stacks = (await tools.synthesize()).map((stack) => ({ ...stack, isDeployed: false }));
  const losses: Loss[] = [];
  const divided: string[] = [];
  for (const stack of stacks.filter(({ isKept }) => isKept)) {
    const deployed = await tools.deployedTemplate(stack.name);
    stack.isDeployed = deployed !== undefined;
    losses.push(...(deployed === undefined ? [] : lossesBetween(deployed, stack.template)));
    divided.push(...(deployed === undefined ? [] : dividedLedgers(deployed, stack.template)));
  }
  const idle = released.find((id) => !losses.some(({ logicalId }) => logicalId === id));
  if (idle !== undefined) {
    throw new OperatorError(`--let-go names ${idle}, which this deployment would not lose.`);
  }
  await tools.showDifference();
  const refused = losses.filter(({ logicalId }) => !released.includes(logicalId));
  for (const { logicalId, how } of refused) {
    print(`${logicalId} ${how}.`);
  }
  if (refused.length > 0) {
    print('Nothing was deployed. A table or queue that is meant to go is named by --let-go ID,ID.');
    return 1;
  }
  if (divided.length > 0) {
    print(
      `${divided.join(', ')} would write to the old tables and to the new ones at the same time. Nothing was deployed. Pause the stack, and change its tables with -c trafficShift=at-once.`,
    );
    return 1;
  }
  if (await isReserveRefused(stacks, tools, output)) {
    return 1;
  }
  if (isDryRun) {
    print('No table and no queue would be lost. Nothing was deployed; omit --dry-run to deploy.');
    return 0;
  }
  return (await deployWithPolicy(tools, stacks, released)) ? 0 : 2;
}

/** An account that can't be asked is no reason to stop: CloudFormation would tell, though late. */
async function isReserveRefused(
  stacks: readonly SynthesizedStack[],
  { readConcurrency }: DeploymentTools,
  { print, tell }: OperatorOutput,
): Promise<boolean> {
  const reserve = stacks.map(({ template }) => reserveIn(template)).find((each) => each !== undefined);
  if (reserve === undefined) {
    return false;
  }
  try {
    const verdict = judgeReserve(reserve, await readConcurrency());
    if (verdict.kind !== 'enough') {
      print(verdict.sentence);
    }
    return verdict.kind === 'too little';
  } catch (error) {
    tell(`The account's concurrency could not be checked: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

async function deployWithPolicy(
  tools: DeploymentTools,
  stacks: readonly (SynthesizedStack & { readonly isDeployed: boolean })[],
  released: readonly string[],
): Promise<boolean> {
  const kept = stacks.filter(({ isKept }) => isKept);
  const present = kept.filter(({ isDeployed }) => isDeployed);
  await setPolicies(tools, present, released);
  const isDone = await tools.deploy();
  // Also after a failed deployment, so that nothing stays released.
  await setPolicies(tools, isDone ? kept : present, []);
  return isDone;
}

async function setPolicies(
  tools: DeploymentTools,
  stacks: readonly SynthesizedStack[],
  released: readonly string[],
): Promise<void> {
  for (const { name } of stacks) {
    await tools.setStackPolicy(name, stackPolicy(released));
  }
}
