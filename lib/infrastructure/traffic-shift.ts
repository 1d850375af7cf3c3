/**
 * How the invocations of an upgrade move from a function's old version to its new one: CodeDeploy changes the weights of the
 * function's alias step by step, and moves all of them back when one of the stack's alarms is raised. CloudFormation waits for
 * it, and undoes the whole update if one function goes back. Why, and what nobody has tried: docs/decisions/0013.
 */

import {
  type ILambdaDeploymentConfig,
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { LedgerFunctionName } from './functions.ts';
import { liveAliasOf } from './live-alias.ts';
import type { TrafficShift } from './options.ts';

/** CodeDeploy's own configurations. */
const SHIFTS: Readonly<Partial<Record<TrafficShift, ILambdaDeploymentConfig>>> = {
  // 18 minutes: longer than the quarter of an hour for which payments must fail before their alarm is raised.
  linear: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES,
  canary: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
};

/**
 * The alarms that a bad version of a function raises, besides that of its failed invocations. CodeDeploy takes ten at most. An
 * alarm that is raised already stops an upgrade before it begins, so those of what others do are not among them (throttles,
 * undelivered notifications), nor those that take longer than an upgrade (messages that are handed back, credits that only a
 * sweep makes, dead letters of chores and sweeps).
 */
const RAISED_BY: Readonly<Record<LedgerFunctionName, readonly string[]>> = {
  // It refuses what is valid; it is too slow; payments do not go through it.
  'process-messages': ['DeadLetters', 'IncomingDelay', 'SyntheticPayment'],
  // It can't read records; it is too slow; payments do not go through it.
  'credit-recipients': ['StreamFailures', 'CreditRecipientsDelay', 'SyntheticPayment'],
  // It can't read records, or makes messages that topics refuse; it is too slow; it may not publish.
  'publish-events': ['StreamFailures', 'PublishEventsDelay', 'PublishingDenied', 'SyntheticPayment'],
  'run-chores': [],
  'sweep-accounts': [],
  'sweep-transfers': [],
  'publish-again': ['NotPublishedAgain'],
};

export interface ShiftPlan {
  readonly shift: TrafficShift;
  /** Of the stack, by their definitions' names. Those that it has not are omitted. */
  readonly alarms: Alarms;
}

/** Creates nothing where versions change at once. */
export function shiftTraffic(
  scope: Construct,
  functions: Readonly<Record<LedgerFunctionName, LambdaFunction>>,
  { shift, alarms }: ShiftPlan,
): void {
  const deploymentConfig = SHIFTS[shift];
  if (deploymentConfig === undefined) {
    return;
  }
  const application = new LambdaApplication(scope, 'Upgrades');
  const role = new Role(scope, 'UpgradesRole', {
    assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
  });
  for (const [name, target] of Object.entries(functions)) {
    const alias = liveAliasOf(target);
    if (alias === undefined) {
      continue;
    }
    const raised = [`${target.node.id}Errors`, ...RAISED_BY[name as LedgerFunctionName]];
    const group = new LambdaDeploymentGroup(scope, `${target.node.id}Upgrade`, {
      application,
      role,
      alias,
      deploymentConfig,
      alarms: raised.flatMap((id) => alarms[id] ?? []),
      autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
    });
    // A group that changes with an upgrade must have changed before the upgrade uses it.
    alias.node.addDependency(group);
  }
}
