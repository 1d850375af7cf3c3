/** Makes the queue of a client, and lets the authority's topics deliver into it what is for the client's role. */

import type { Topic } from '../../protocol/routing.ts';
import { printRole, type Role } from '../roles.ts';
import { type QueueAdministration, type TopicCalls, withSignal } from './calls.ts';
import { forRole, type Subscribing } from './filters.ts';

/** What all subscriptions need. */
export interface SubscribingOptions {
  /** An instance of `SQS` of `@aws-sdk/client-sqs`; the caller owns it. */
  readonly sqs: QueueAdministration;
  /** An instance of `SNS` of `@aws-sdk/client-sns`; the caller owns it. */
  readonly sns: TopicCalls;
  /** The ARNs of the authority's topics: the stack's outputs `ToCreditorsTopicArn`, `ToDebtorsTopicArn`, `ToCoordinatorsTopicArn`. */
  readonly topicArns: Readonly<Record<Topic, string>>;
  /** In seconds: what was taken and not acknowledged for so long comes again. Default 60. */
  readonly visibilityTimeout?: number;
  /** Ends the calls to AWS; what is made already stays. */
  readonly signal?: AbortSignal | undefined;
}

/** What a subscription for a role needs. */
export interface SubscribeOptions extends SubscribingOptions {
  /** Whom the queue is for. */
  readonly role: Role;
  /** 1 to 80 letters, digits, hyphens and underscores. Default: made of the role. The same name means the same queue. */
  readonly queueName?: string;
}

/** What a subscription to any messages needs. */
export interface SubscribeQueueOptions extends SubscribingOptions {
  /** Which messages of which topics. */
  readonly subscribing: readonly Subscribing[];
  /** 1 to 80 letters, digits, hyphens and underscores. The same name means the same queue. */
  readonly queueName: string;
}

/** A client's queue. It stays until `remove`, and collects messages for 14 days while the client does not run. */
export interface Subscription {
  /** For `queueTransport`. */
  readonly queueUrl: string;
  /** How policies and subscriptions name the queue. */
  readonly queueArn: string;
  /** Those that `remove` ends. */
  readonly subscriptionArns: readonly string[];
  /** Ends the subscriptions and deletes the queue with all that is in it. */
  remove(signal?: AbortSignal): Promise<void>;
}

/** As long as SQS can: a client may be down for days, and what is lost here comes never again. */
const RETENTION_SECONDS = 1_209_600;
const VISIBILITY_TIMEOUT_SECONDS = 60;

/**
 * Makes the queue of a role, its policy and its subscriptions; those that are there stay as they are. Run it before the client
 * opens accounts. Errors of the SDK come through.
 * @throws {RangeError} for a range of creditors that SNS can't tell from others, as `forCreditorRange` says
 */
export async function subscribe({ role, ...options }: SubscribeOptions): Promise<Subscription> {
  const { queueName = printRole(role).replace(/[^A-Za-z0-9_-]/g, '-') } = options;
  return subscribeQueue({ ...options, queueName, subscribing: forRole(role) });
}

/** The same for any messages, for programs that watch an authority and are no client of it. Errors of the SDK come through. */
export async function subscribeQueue(options: SubscribeQueueOptions): Promise<Subscription> {
  const { sqs, sns, topicArns, subscribing, queueName, signal } = options;
  const { visibilityTimeout = VISIBILITY_TIMEOUT_SECONDS } = options;
  const call = withSignal(signal);
  const Attributes = {
    MessageRetentionPeriod: `${RETENTION_SECONDS}`,
    VisibilityTimeout: `${visibilityTimeout}`,
  };
  const created = await sqs.createQueue({ QueueName: queueName, Attributes }, call);
  const queueUrl = created.QueueUrl ?? '';
  const answer = await sqs.getQueueAttributes({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }, call);
  const queueArn = answer.Attributes?.QueueArn ?? '';
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
    Attributes: {
      RawMessageDelivery: 'true',
      ...(Object.keys(filter).length > 0 && { FilterPolicy: JSON.stringify(filter) }),
    },
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
