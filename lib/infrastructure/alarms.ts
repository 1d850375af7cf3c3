/** The alarms. Each description says what is wrong; docs/operations.md says what to do. */

import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type LedgerFunctionName, ownMetric } from './functions.ts';
import type { Queues, Topics } from './messaging.ts';
import type { SweepPeriods } from './sweeps.ts';

const FIVE_MINUTES = Duration.minutes(5);
const TEN_MINUTES_IN_SECONDS = 600;
const HOUR_IN_SECONDS = 3_600;

export interface AlarmedParts {
  readonly stackName: string;
  readonly queues: Queues;
  readonly topics: Topics;
  readonly functions: Readonly<Record<LedgerFunctionName, LambdaFunction>>;
  readonly sweepPeriods: SweepPeriods;
  /** Must not be encrypted with the key `aws/sns`, which CloudWatch can't use. */
  readonly alarmTopicArn: string | undefined;
}

export interface AlarmDefinition {
  readonly metric: IMetric;
  readonly threshold: number;
  /** How many periods in a row it must be so. */
  readonly periods?: number;
  /** Whether the alarm is about what does not happen: it is then raised below the threshold, and without data. */
  readonly isAboutAbsence?: boolean;
  /** Whether it stays as it is while there are no data. */
  readonly keepsState?: boolean;
  readonly description: string;
}

export type Alarms = Readonly<Record<string, Alarm>>;

/** @returns the alarms, by their definitions' names */
export function createAlarms(scope: Construct, parts: AlarmedParts): Alarms {
  const definitions = {
    ...queueAlarms(parts.queues),
    ...topicAlarms(parts.topics),
    ...flowAlarms(parts),
    ...sweepAlarms(parts),
    ...functionAlarms(parts.functions),
  };
  return createAll(scope, definitions, parts.alarmTopicArn);
}

/**
 * @param definitions by the beginnings of the alarms' names
 * @returns the alarms, by the same
 */
export function createAll(
  scope: Construct,
  definitions: Readonly<Record<string, AlarmDefinition>>,
  alarmTopicArn: string | undefined,
): Alarms {
  const alarms = Object.entries(definitions).map(([id, definition]) => {
    const alarm = createAlarm(scope, `${id}Alarm`, definition);
    tellOf(alarm, alarmTopicArn);
    return [id, alarm] as const;
  });
  return Object.fromEntries(alarms);
}

/** Sends the alarm's beginning and end to the topic, where there is one. */
function tellOf(alarm: Alarm, alarmTopicArn: string | undefined): void {
  if (alarmTopicArn !== undefined) {
    const action: IAlarmAction = { bind: () => ({ alarmActionArn: alarmTopicArn }) };
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

function createAlarm(scope: Construct, id: string, definition: AlarmDefinition): Alarm {
  const { metric, threshold, periods = 1, isAboutAbsence = false, keepsState = false } = definition;
  return new Alarm(scope, id, {
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: isAboutAbsence
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: isAboutAbsence
      ? TreatMissingData.BREACHING
      : keepsState
        ? TreatMissingData.IGNORE
        : TreatMissingData.NOT_BREACHING,
    alarmDescription: definition.description,
  });
}

type Definitions = Readonly<Record<string, AlarmDefinition>>;

function queueAlarms(queues: Queues): Definitions {
  return {
    DeadLetters: notEmpty(queues.deadLetter, 'Messages were refused.'),
    GivenUp: notEmpty(queues.givenUp, 'Valid messages failed too often.'),
    ChoresDeadLetters: notEmpty(queues.choresDeadLetter, 'Chores failed too often.'),
    SweepsDeadLetters: notEmpty(queues.sweepsDeadLetter, 'Parts of sweeps failed too often.'),
    FailedStarts: notEmpty(queues.failedStarts, 'Scheduled starts of sweeps failed.'),
    StreamFailures: notEmpty(
      queues.streamFailures,
      'Stream records are unreadable, or a topic refuses their messages.',
    ),
    IncomingDelay: {
      metric: queues.incoming.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES }),
      threshold: TEN_MINUTES_IN_SECONDS,
      description: 'Incoming messages have waited for more than ten minutes.',
    },
  };
}

export function notEmpty(queue: Queue, description: string): AlarmDefinition {
  return {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' }),
    threshold: 1,
    description,
  };
}

function topicAlarms({ toCreditors, toDebtors, toCoordinators }: Topics): Definitions {
  const undelivered = (topic: Topic): AlarmDefinition => ({
    metric: topic.metricNumberOfNotificationsFailed({ period: FIVE_MINUTES }),
    threshold: 1,
    description: `SNS could not deliver messages of ${topic.node.id} to a subscriber.`,
  });
  return {
    ToCreditorsDeliveries: undelivered(toCreditors),
    ToDebtorsDeliveries: undelivered(toDebtors),
    ToCoordinatorsDeliveries: undelivered(toCoordinators),
  };
}

/** For what the queues' ages and the streams' delays don't show. */
function flowAlarms({ stackName, sweepPeriods }: AlarmedParts): Definitions {
  const own = (name: string, service: LedgerFunctionName) =>
    ownMetric({ name, service, stackName, period: FIVE_MINUTES });
  return {
    // SQS leaves messages out of the age of the oldest one when they were received three times and not deleted.
    ReturnedMessages: {
      metric: own('Messages.returned', 'process-messages'),
      threshold: 1,
      periods: 6,
      description: 'Incoming messages have gone back to the queue for half an hour.',
    },
    // Tried again by itself, but only a person can give the permission.
    PublishingDenied: {
      metric: own('Publish.denied', 'publish-events'),
      threshold: 1,
      description: 'publish-events may not use a topic, a queue, or their key.',
    },
    // Their messages are published again, which needs nobody. The cause of 20 hours of failures does.
    RecordsGivenUp: {
      metric: own('Notices.publish-events', 'publish-again'),
      threshold: 1,
      description: 'publish-events has given up records of a stream that failed for 20 hours.',
    },
    NotPublishedAgain: {
      metric: own('Again.lost', 'publish-again'),
      threshold: 1,
      description:
        'Something can not be published again: an item is unreadable, or a topic refuses its message.',
    },
    // A mapping that is disabled reports no delay, since it reports nothing.
    UncreditedTransfers: {
      metric: own('Sweep.transfers.credit', 'sweep-transfers'),
      threshold: 1,
      description: 'A sweep made credits that credit-recipients should have made.',
    },
    // The sweep makes every credit that can be made, so this transfer was there when the last one passed.
    OldestUncreditedTransfer: {
      metric: own('Sweep.transfers.oldest-uncredited', 'sweep-transfers').with({ statistic: 'Maximum' }),
      threshold: sweepPeriods.transfersSeconds + HOUR_IN_SECONDS,
      description: 'A transfer is not credited although a sweep has passed over it.',
    },
  };
}

/** CloudWatch looks back for a week at the most. */
const MAX_HOURS = 7 * 24;

/** Sweeps with periods of more than three days have no such alarm. */
function sweepAlarms({ sweepPeriods, stackName }: AlarmedParts): Definitions {
  const sweeps = [
    ['AccountsSweepNotStarted', 'accounts', 'sweep-accounts', sweepPeriods.accountsSeconds],
    ['TransfersSweepNotStarted', 'transfers', 'sweep-transfers', sweepPeriods.transfersSeconds],
  ] as const;
  const definitions = sweeps.map(([id, table, service, periodSeconds]) => {
    const periods = Math.ceil((2 * periodSeconds) / HOUR_IN_SECONDS) + 1;
    const name = `Sweep.${table}.started`;
    const metric = ownMetric({ name, service, stackName, period: Duration.hours(1) });
    const description = `No sweep over ${table} has started for twice its period.`;
    return [id, { metric, threshold: 1, periods, isAboutAbsence: true, description }] as const;
  });
  return Object.fromEntries(definitions.filter(([, { periods }]) => periods <= MAX_HOURS));
}

function functionAlarms(functions: AlarmedParts['functions']): Definitions {
  const delays = (['credit-recipients', 'publish-events'] as const).map((name) => [
    `${functions[name].node.id}Delay`,
    {
      metric: functions[name].metric('IteratorAge', { period: FIVE_MINUTES, statistic: 'Maximum' }),
      threshold: TEN_MINUTES_IN_SECONDS * 1000,
      description: `${name} is more than ten minutes behind its stream.`,
    },
  ]);
  const failures = Object.entries(functions).flatMap(([name, lambda]) => [
    [
      `${lambda.node.id}Errors`,
      {
        metric: lambda.metricErrors({ period: FIVE_MINUTES }),
        threshold: 1,
        description: `Invocations of ${name} failed.`,
      },
    ],
    [
      `${lambda.node.id}Throttles`,
      {
        metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
        threshold: 1,
        // Lambda tries again by itself, so only lasting throttling needs an operator.
        periods: 3,
        description: `${name} has been throttled for a quarter of an hour.`,
      },
    ],
  ]);
  return Object.fromEntries([...delays, ...failures]);
}
