/** The alarms. Each description says what is wrong; docs/operations.md says what to do. */

import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { LedgerFunctionName } from './functions.ts';
import type { Queues } from './messaging.ts';

const FIVE_MINUTES = Duration.minutes(5);
const TEN_MINUTES_IN_SECONDS = 600;

export interface AlarmedParts {
  readonly queues: Queues;
  readonly functions: Readonly<Record<LedgerFunctionName, LambdaFunction>>;
  /** Must not be encrypted with the key `aws/sns`, which CloudWatch can't use. */
  readonly alarmTopicArn: string | undefined;
}

interface AlarmDefinition {
  readonly metric: Metric;
  readonly threshold: number;
  readonly periods?: number;
  readonly description: string;
}

export function createAlarms(scope: Construct, { queues, functions, alarmTopicArn }: AlarmedParts): void {
  const definitions: Record<string, AlarmDefinition> = {
    DeadLetters: notEmpty(queues.deadLetter, 'Messages were refused, or failed too often.'),
    ChoresDeadLetters: notEmpty(queues.choresDeadLetter, 'Chores failed too often.'),
    SweepsDeadLetters: notEmpty(queues.sweepsDeadLetter, 'Parts of sweeps failed too often.'),
    StreamFailures: notEmpty(queues.streamFailures, 'Stream records are unreadable, or failed too often.'),
    IncomingDelay: {
      metric: queues.incoming.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES }),
      threshold: TEN_MINUTES_IN_SECONDS,
      description: 'Incoming messages have waited for more than ten minutes.',
    },
  };
  for (const name of ['credit-recipients', 'publish-events'] as const) {
    definitions[`${functions[name].node.id}Delay`] = {
      metric: functions[name].metric('IteratorAge', { period: FIVE_MINUTES, statistic: 'Maximum' }),
      threshold: TEN_MINUTES_IN_SECONDS * 1000,
      description: `${name} is more than ten minutes behind its stream.`,
    };
  }
  for (const [name, lambda] of Object.entries(functions)) {
    definitions[`${lambda.node.id}Errors`] = {
      metric: lambda.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      description: `Invocations of ${name} failed.`,
    };
    // Lambda tries again by itself, so only lasting throttling needs an operator.
    definitions[`${lambda.node.id}Throttles`] = {
      metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      periods: 3,
      description: `${name} has been throttled for a quarter of an hour.`,
    };
  }
  for (const [id, definition] of Object.entries(definitions)) {
    tellOf(createAlarm(scope, `${id}Alarm`, definition), alarmTopicArn);
  }
}

/** Sends the alarm's beginning and end to the topic, where there is one. */
export function tellOf(alarm: Alarm, alarmTopicArn: string | undefined): void {
  if (alarmTopicArn !== undefined) {
    const action: IAlarmAction = { bind: () => ({ alarmActionArn: alarmTopicArn }) };
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

function createAlarm(
  scope: Construct,
  id: string,
  { metric, threshold, periods = 1, description }: AlarmDefinition,
): Alarm {
  return new Alarm(scope, id, {
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: description,
  });
}

function notEmpty(queue: Queue, description: string): AlarmDefinition {
  return {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' }),
    threshold: 1,
    description,
  };
}
