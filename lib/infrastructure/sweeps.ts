/** Runs sweeps: a schedule starts one, which continues itself through a queue until it has seen the whole table. */

import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventInvokeConfig, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { feedFromQueue } from './event-sources.ts';

/** How often each table is swept. */
export interface SweepPeriods {
  readonly accountsSeconds: number;
  readonly transfersSeconds: number;
}

/** The event that starts a sweep; all others come from the queue. */
const START = { sweep: 'start' };

/** Sweeps are never urgent, so they must not take capacity of the tables or Lambda from transfers. */
const MAX_CONCURRENCY = 10;

export interface SweepSchedule {
  readonly periodSeconds: number;
  /** Continues the sweep. */
  readonly queue: Queue;
  /** Gets the starts that failed. */
  readonly failedStarts: Queue;
}

/** Starts the function every `periodSeconds`, rounded to minutes and at least one, and feeds it from its own queue. */
export function startSweeps(
  target: LambdaFunction,
  { periodSeconds, queue, failedStarts }: SweepSchedule,
): void {
  const rule = new Rule(target, 'Schedule', {
    schedule: Schedule.rate(Duration.minutes(Math.max(1, Math.round(periodSeconds / 60)))),
    targets: [
      {
        bind: () => ({
          arn: target.functionArn,
          input: RuleTargetInput.fromObject(START),
          // For starts that EventBridge can't hand over to Lambda.
          deadLetterConfig: { arn: failedStarts.queueArn },
        }),
      },
    ],
  });
  const events = new ServicePrincipal('events.amazonaws.com');
  target.addPermission('MayBeScheduled', { principal: events, sourceArn: rule.ruleArn });
  failedStarts.addToResourcePolicy(
    new PolicyStatement({
      principals: [events],
      actions: ['sqs:SendMessage'],
      resources: [failedStarts.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
  // For starts that the function has failed three times, or that Lambda could not run for six hours.
  new EventInvokeConfig(target, 'FailedStarts', {
    function: target,
    onFailure: { bind: () => ({ destination: failedStarts.queueArn }) },
  });
  feedFromQueue(target, queue, { batchSize: 1, windowSeconds: 0, maxConcurrency: MAX_CONCURRENCY });
}
