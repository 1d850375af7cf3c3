/** Starts a function periodically. */

import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';

/** Invokes the function with `event` every `periodMinutes`. */
export function startOnSchedule(target: LambdaFunction, periodMinutes: number, event: object): void {
  const rule = new Rule(target, 'Schedule', {
    schedule: Schedule.rate(Duration.minutes(periodMinutes)),
    // Not CDK's own target, which would add a permission under a name of its own.
    targets: [{ bind: () => ({ arn: target.functionArn, input: RuleTargetInput.fromObject(event) }) }],
  });
  target.addPermission('MayBeScheduled', {
    principal: new ServicePrincipal('events.amazonaws.com'),
    sourceArn: rule.ruleArn,
  });
}
