/**
 * The synthetic payment: a function that pays on a schedule as any client does, a queue of its own for the answers, and an
 * alarm that needs no other measurement: it is raised when completed payments are missing, for whatever reason.
 */

import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionFilter, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type Alarms, createAll } from './alarms.ts';
import { createFunction, type OptionalPart, ownMetric } from './functions.ts';
import type { Topics } from './messaging.ts';
import { allow, sendTo } from './permissions.ts';
import { startOnSchedule } from './schedules.ts';

export interface SyntheticPaymentParts extends OptionalPart {
  readonly incoming: Queue;
  readonly topics: Topics;
}

const NAME = 'synthetic-payment';
/** The event of the schedule; the function looks for nothing in it. */
const START = { syntheticPayment: 'start' };

/** One payment may fail or fall into the neighbouring period; three in a row mean that payments don't go through. */
const MISSED_PAYMENTS = 3;

/** Answers that nobody takes, because the schedule is paused, are of no use the next day. */
const ANSWER_RETENTION = Duration.days(1);

/** Creates nothing where the options want no synthetic payments. @returns its alarm */
export function createSyntheticPayment(scope: Construct, parts: SyntheticPaymentParts): Alarms {
  const { incoming, topics, codeFolder, options, settings } = parts;
  if (options.syntheticPaymentMinutes === 0) {
    return {};
  }
  const answers = createAnswersQueue(scope, topics, options.syntheticDebtorId);
  const target = createFunction(scope, NAME, {
    ...options,
    reservedConcurrency: undefined,
    codeFolder,
    environment: {
      ...settings,
      INCOMING_QUEUE_URL: incoming.queueUrl,
      ANSWERS_QUEUE_URL: answers.queueUrl,
      SYNTHETIC_DEBTOR_ID: options.syntheticDebtorId.toString(),
    },
    permissions: [sendTo(incoming), allow([answers.queueArn], ['sqs:ReceiveMessage', 'sqs:DeleteMessage'])],
  });
  // A second attempt would take the answers of the next payment.
  target.configureAsyncInvoke({ retryAttempts: 0 });
  const { stackName, alarmTopicArn, syntheticPaymentMinutes: periodMinutes } = options;
  startOnSchedule(target, { periodMinutes, event: START });
  const name = 'SyntheticPayment.completed';
  const alarm = {
    metric: ownMetric({ name, service: NAME, stackName, period: Duration.minutes(periodMinutes) }),
    threshold: 1,
    periods: MISSED_PAYMENTS,
    isAboutAbsence: true,
    description: 'Payments do not go through: no synthetic payment has completed for three periods.',
  };
  return createAll(scope, { SyntheticPayment: alarm }, alarmTopicArn);
}

function createAnswersQueue(scope: Construct, topics: Topics, debtorId: bigint): Queue {
  const answers = new Queue(scope, 'SyntheticAnswers', {
    retentionPeriod: ANSWER_RETENTION,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  for (const [name, topic] of Object.entries(topics)) {
    new Subscription(answers, name, {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: answers.queueArn,
      rawMessageDelivery: true,
      filterPolicy: { debtor_id: SubscriptionFilter.stringFilter({ allowlist: [debtorId.toString()] }) },
    });
  }
  answers.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('sns.amazonaws.com')],
      resources: [answers.queueArn],
      actions: ['sqs:SendMessage'],
      conditions: {
        ArnEquals: { 'aws:SourceArn': Object.values(topics).map(({ topicArn }) => topicArn) },
      },
    }),
  );
  return answers;
}
