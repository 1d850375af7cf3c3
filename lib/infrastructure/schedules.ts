/** Starts a function periodically. */

import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventInvokeConfig, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { invokedAs, LIVE, liveAliasOf } from './live-alias.ts';

export interface StartSchedule {
  readonly periodMinutes: number;
  /** What the function is invoked with. */
  readonly event: object;
  /** Gets the starts that failed. Without it they are forgotten. */
  readonly failedStarts?: Queue;
}

const EVENTS = new ServicePrincipal('events.amazonaws.com');

export function startOnSchedule(target: LambdaFunction, schedule: StartSchedule): void {
  const { periodMinutes, event, failedStarts } = schedule;
  const invoked = invokedAs(target);
  const rule = new Rule(target, 'Schedule', {
    schedule: Schedule.rate(Duration.minutes(periodMinutes)),
    // Not CDK's own target, which would add a permission under a name of its own.
    targets: [
      {
        bind: () => ({
          arn: invoked.functionArn,
          input: RuleTargetInput.fromObject(event),
          // For starts that EventBridge can't hand over to Lambda.
          ...(failedStarts && { deadLetterConfig: { arn: failedStarts.queueArn } }),
        }),
      },
    ],
  });
  invoked.addPermission('MayBeScheduled', { principal: EVENTS, sourceArn: rule.ruleArn, scope: target });
  if (failedStarts !== undefined) {
    keepFailedStarts(target, rule, failedStarts);
  }
}

function keepFailedStarts(target: LambdaFunction, rule: Rule, failedStarts: Queue): void {
  failedStarts.addToResourcePolicy(
    new PolicyStatement({
      principals: [EVENTS],
      actions: ['sqs:SendMessage'],
      resources: [failedStarts.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
  // For starts that the function has failed three times, or that Lambda could not run for six hours.
  const alias = liveAliasOf(target);
  const config = new EventInvokeConfig(target, 'FailedStarts', {
    function: target,
    ...(alias && { qualifier: LIVE }),
    onFailure: { bind: () => ({ destination: failedStarts.queueArn }) },
  });
  if (alias !== undefined) {
    config.node.addDependency(alias);
  }
}
