/** Creates the queues and topics that the template declares, or updates existing ones to what it declares now. */

import { z } from 'zod';
import { ACCOUNT_ID, REGION } from '../stack/emulated-cloud.ts';
import { readProperties, type Stack } from '../stack/template.ts';
import type { LocalQueue, QueueAndTopicEmulator } from './queue-and-topic-emulator.ts';

/** A queue's properties that are attributes of the same name. Encryption has no meaning here. */
const QUEUE_ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
];

const SUBSCRIPTION = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.literal('sqs'),
  Endpoint: z.string(),
  RawMessageDelivery: z.boolean().default(false),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
});

/** The longest name of a queue. */
const MAX_QUEUE_NAME = 80;

/**
 * Creates the queues, and defines what references to them give.
 * @returns the queues by their ARNs
 */
export function provisionQueues(
  stack: Stack,
  emulator: QueueAndTopicEmulator,
): ReadonlyMap<string, LocalQueue> {
  const declared = stack.resources('AWS::SQS::Queue').map(([logicalId, properties]) => {
    const name = String(properties.QueueName ?? `${stack.name}-${logicalId}`.slice(0, MAX_QUEUE_NAME));
    const url = `${emulator.endpoint}/${ACCOUNT_ID}/${name}`;
    const Arn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
    stack.define(logicalId, { Ref: url, QueueUrl: url, Arn, QueueName: name });
    return { name, properties };
  });
  // Only now, since queues refer to each other.
  const queues = declared.map(({ name, properties }) =>
    emulator.putQueue(name, queueAttributes(stack.resolve(properties) as Record<string, unknown>)),
  );
  return new Map(queues.map((queue) => [queue.arn, queue]));
}

function queueAttributes(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    QUEUE_ATTRIBUTES.filter((name) => name in properties).map((name) => {
      const value = properties[name];
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    }),
  );
}

/** Creates the topics, and defines what references to them give. */
export function provisionTopics(stack: Stack, emulator: QueueAndTopicEmulator): void {
  for (const [logicalId, { TopicName }] of stack.resources('AWS::SNS::Topic')) {
    const name = String(TopicName ?? `${stack.name}-${logicalId}`);
    const arn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;
    stack.define(logicalId, { Ref: arn, TopicArn: arn, TopicName: name });
    emulator.putTopic(name);
  }
}

/** Subscribes queues of the stack to its topics. */
export function provisionSubscriptions(stack: Stack, emulator: QueueAndTopicEmulator): void {
  for (const [logicalId, properties] of stack.resources('AWS::SNS::Subscription')) {
    const subscription = readProperties(logicalId, stack.resolve(properties), SUBSCRIPTION);
    emulator.putSubscription({
      topicArn: subscription.TopicArn,
      queueArn: subscription.Endpoint,
      attributes: {
        RawMessageDelivery: String(subscription.RawMessageDelivery),
        ...(subscription.FilterPolicy && { FilterPolicy: JSON.stringify(subscription.FilterPolicy) }),
      },
    });
  }
}
