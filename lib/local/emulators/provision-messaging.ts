/** Creates the queues and topics that the template declares, or brings existing ones to what it declares now. */

import { ACCOUNT_ID, REGION } from '../stack/emulated-cloud.ts';
import { type Resolver, resourcesOfType, type Template } from '../stack/template.ts';
import type { LocalQueue, QueueAndTopicEmulator } from './queue-and-topic-emulator.ts';

/** Properties of a queue that are attributes under the same name. Encryption is left to the cloud. */
const QUEUE_ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
];

/** The longest name of a queue. */
const MAX_QUEUE_NAME = 80;

/**
 * Creates the queues, and lets the resolver know them.
 * @returns them by their ARNs
 */
export function provisionQueues(
  template: Template,
  stackName: string,
  emulator: QueueAndTopicEmulator,
  resolver: Resolver,
): ReadonlyMap<string, LocalQueue> {
  const declared = resourcesOfType(template, 'AWS::SQS::Queue').map(([logicalId, { Properties = {} }]) => {
    const name = String(Properties.QueueName ?? `${stackName}-${logicalId}`.slice(0, MAX_QUEUE_NAME));
    resolver.define(logicalId, {
      Ref: `${emulator.endpoint}/${ACCOUNT_ID}/${name}`,
      QueueUrl: `${emulator.endpoint}/${ACCOUNT_ID}/${name}`,
      Arn: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`,
      QueueName: name,
    });
    return { name, properties: Properties };
  });
  // Only now, since queues refer to each other.
  const queues = declared.map(({ name, properties }) =>
    emulator.putQueue(name, queueAttributes(resolver.resolve(properties) as Record<string, unknown>)),
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

/** Creates the topics, and lets the resolver know them. */
export function provisionTopics(
  template: Template,
  stackName: string,
  emulator: QueueAndTopicEmulator,
  resolver: Resolver,
): void {
  for (const [logicalId, { Properties = {} }] of resourcesOfType(template, 'AWS::SNS::Topic')) {
    const name = String(Properties.TopicName ?? `${stackName}-${logicalId}`);
    const arn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;
    resolver.define(logicalId, { Ref: arn, TopicArn: arn, TopicName: name });
    emulator.putTopic(name);
  }
}
