/** The alarms: what an operator must hear of. Each names what is wrong; what to do about it is in the documentation. */

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
import type { FunctionName } from './functions.ts';
import type { Queues } from './messaging.ts';

const FIVE_MINUTES = Duration.minutes(5);
const TEN_MINUTES_IN_SECONDS = 600;

export interface AlarmedParts {
  readonly queues: Queues;
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>;
  /** Must not be encrypted with the account's own key for SNS, which CloudWatch may not use. */
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
    DeadLetters: notEmpty(queues.deadLetter, 'Messages were refused or failed for too long.'),
    ChoresDeadLetters: notEmpty(queues.choresDeadLetter, 'Chores on accounts failed for too long.'),
    SweepsDeadLetters: notEmpty(
      queues.sweepsDeadLetter,
      'Parts of sweeps over a table failed again and again.',
    ),
    StreamFailures: notEmpty(
      queues.streamFailures,
      'Stream records can not be read, or failed for too long.',
    ),
    IncomingDelay: {
      metric: queues.incoming.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES }),
      threshold: TEN_MINUTES_IN_SECONDS,
      description: 'Incoming messages wait for more than ten minutes.',
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
      description: `Invocations of ${name} failed as a whole.`,
    };
    // Lambda tries again by itself, so only throttling that lasts needs somebody.
    definitions[`${lambda.node.id}Throttles`] = {
      metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      periods: 3,
      description: `${name} lacks concurrency for a quarter of an hour.`,
    };
  }
  for (const [id, definition] of Object.entries(definitions)) {
    createAlarm(scope, `${id}Alarm`, definition, alarmTopicArn);
  }
}

function createAlarm(
  scope: Construct,
  id: string,
  { metric, threshold, periods = 1, description }: AlarmDefinition,
  topicArn: string | undefined,
): void {
  const alarm = new Alarm(scope, id, {
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: description,
  });
  if (topicArn !== undefined) {
    const action: IAlarmAction = { bind: () => ({ alarmActionArn: topicArn }) };
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

function notEmpty(queue: Queue, description: string): AlarmDefinition {
  return {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' }),
    threshold: 1,
    description,
  };
}
