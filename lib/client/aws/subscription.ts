/** Makes the queue of a client, and lets the authority's topics deliver into it what is for the client's role. */

import type { Topic } from '../../protocol/routing.ts';
import { printRole, type Role } from '../roles.ts';
import { type QueueAdministration, type TopicCalls, withSignal } from './calls.ts';
import { forRole, type Subscribing } from './filters.ts';

export interface SubscribeOptions {
  /** An instance of `SQS` of `@aws-sdk/client-sqs`; the caller owns it. */
  readonly sqs: QueueAdministration;
  /** An instance of `SNS` of `@aws-sdk/client-sns`; the caller owns it. */
  readonly sns: TopicCalls;
  /** The ARNs of the authority's topics: the stack's outputs `ToCreditorsTopicArn`, `ToDebtorsTopicArn`, `ToCoordinatorsTopicArn`. */
  readonly topicArns: Readonly<Record<Topic, string>>;
  readonly role: Role;
  /** 1 to 80 letters, digits, hyphens and underscores. Default: made of the role. The same name means the same queue. */
  readonly queueName?: string;
  readonly signal?: AbortSignal;
}

/** A client's queue. It stays until `remove`, and collects messages for 14 days while the client does not run. */
export interface Subscription {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly subscriptionArns: readonly string[];
  /** Ends the subscriptions and deletes the queue with all that is in it. */
  remove(signal?: AbortSignal): Promise<void>;
}

const QUEUE_ATTRIBUTES = {
  // As long as SQS can: a client may be down for days, and what is lost here comes never again.
  MessageRetentionPeriod: '1209600',
  VisibilityTimeout: '60',
};

/** Makes the queue, its policy and its subscriptions; those that are there stay as they are. Run it before the client opens accounts. */
export async function subscribe(options: SubscribeOptions): Promise<Subscription> {
  const { sqs, sns, topicArns, role, signal } = options;
  const { queueName = printRole(role).replace(/[^A-Za-z0-9_-]/g, '-') } = options;
  const call = withSignal(signal);
  const created = await sqs.createQueue({ QueueName: queueName, Attributes: QUEUE_ATTRIBUTES }, call);
  const queueUrl = created.QueueUrl ?? '';
  const answer = await sqs.getQueueAttributes({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }, call);
  const queueArn = answer.Attributes?.QueueArn ?? '';
  const subscribing = forRole(role);
  const sources = [...new Set(subscribing.map(({ topic }) => topicArns[topic]))];
  const Policy = JSON.stringify(deliveryPolicy(queueArn, sources));
  await sqs.setQueueAttributes({ QueueUrl: queueUrl, Attributes: { Policy } }, call);
  const arns = subscribing.map(async (one) => {
    const { SubscriptionArn = '' } = await sns.subscribe(subscribeInput(one, queueArn, topicArns), call);
    return SubscriptionArn;
  });
  const subscriptionArns = await Promise.all(arns);
  return {
    queueUrl,
    queueArn,
    subscriptionArns,
    remove: async (removing) => {
      for (const SubscriptionArn of subscriptionArns) {
        await sns.unsubscribe({ SubscriptionArn }, withSignal(removing));
      }
      await sqs.deleteQueue({ QueueUrl: queueUrl }, withSignal(removing));
    },
  };
}

function subscribeInput(
  { topic, filter }: Subscribing,
  queueArn: string,
  topicArns: Readonly<Record<Topic, string>>,
): Parameters<TopicCalls['subscribe']>[0] {
  return {
    TopicArn: topicArns[topic],
    Protocol: 'sqs',
    Endpoint: queueArn,
    Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify(filter) },
    ReturnSubscriptionArn: true,
  };
}

/** Lets these topics deliver, and nobody else. */
function deliveryPolicy(queueArn: string, topicArns: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArns } },
      },
    ],
  };
}
