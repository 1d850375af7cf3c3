/** A subscriber of all topics: one queue for each topic, and every message is kept until a test takes it. */

import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { attributesOf, createQueue, deleteMessages, receive } from './queues.ts';
import type { StackUnderTest, Topic } from './stack-under-test.ts';
import { parseWire, type WireMessage } from './wire-json.ts';

/** An outgoing message as a subscriber gets it. */
export interface Delivery {
  readonly topic: Topic;
  readonly attributes: Readonly<Record<string, string>>;
  readonly message: WireMessage;
}

export interface Inbox {
  /** Waits for a message that fits, and takes it. @throws {Error} that lists what came instead */
  readonly take: (what: string, fits: (delivery: Delivery) => boolean) => Promise<Delivery>;
  /** Messages that fit and were not taken. */
  readonly pending: (fits: (delivery: Delivery) => boolean) => readonly Delivery[];
  /** Messages that fit, taken or not. */
  readonly history: (fits: (delivery: Delivery) => boolean) => readonly Delivery[];
  readonly close: () => Promise<void>;
}

export interface InboxOptions {
  readonly topics?: readonly Topic[];
  /** Of SNS. */
  readonly filterPolicy?: object;
}

interface Waiter {
  readonly fits: (delivery: Delivery) => boolean;
  readonly give: (delivery: Delivery) => void;
}

export async function openInbox(stack: StackUnderTest, options: InboxOptions = {}): Promise<Inbox> {
  const { topics = ['to_creditors', 'to_debtors', 'to_coordinators'], filterPolicy } = options;
  const history: Delivery[] = [];
  const pending: Delivery[] = [];
  const waiters = new Set<Waiter>();
  // SQS and SNS deliver at least once, so an identical copy is ignored.
  const seen = new Set<string>();
  const arrive = (topic: Topic, body: string, attributes: Record<string, string>) => {
    if (seen.has(`${topic} ${body}`)) {
      return;
    }
    seen.add(`${topic} ${body}`);
    const delivery = { topic, attributes, message: parseWire(body) };
    history.push(delivery);
    const waiter = [...waiters].find(({ fits }) => fits(delivery));
    if (waiter === undefined) {
      pending.push(delivery);
    } else {
      // Removed at once, or it would also get the next message that fits.
      waiters.delete(waiter);
      waiter.give(delivery);
    }
  };
  const subscribers = await Promise.all(
    topics.map((topic) =>
      subscribe(stack, topic, filterPolicy, (body, attributes) => arrive(topic, body, attributes)),
    ),
  );
  return {
    pending: (fits) => pending.filter(fits),
    history: (fits) => history.filter(fits),
    take: async (what, fits) => {
      const index = pending.findIndex(fits);
      const [found] = index < 0 ? [] : pending.splice(index, 1);
      return found ?? waitFor(what, fits, { stack, waiters, pending });
    },
    close: async () => void (await Promise.all(subscribers.map((unsubscribe) => unsubscribe()))),
  };
}

function waitFor(
  what: string,
  fits: Waiter['fits'],
  { stack, waiters, pending }: { stack: StackUnderTest; waiters: Set<Waiter>; pending: readonly Delivery[] },
): Promise<Delivery> {
  const { promise, resolve, reject } = Promise.withResolvers<Delivery>();
  const waiter: Waiter = { fits, give: resolve };
  waiters.add(waiter);
  const timer = setTimeout(() => {
    const others = pending.map(({ message }) => JSON.stringify(message, (_, value) => printable(value)));
    reject(new Error(`${what} did not come. What nobody asked for yet:\n${others.slice(-20).join('\n')}`));
  }, stack.patienceMs);
  return promise.finally(() => {
    clearTimeout(timer);
    waiters.delete(waiter);
  });
}

function printable(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** @returns what ends the subscription */
async function subscribe(
  stack: StackUnderTest,
  topic: Topic,
  filterPolicy: object | undefined,
  onMessage: (body: string, attributes: Record<string, string>) => void,
): Promise<() => Promise<void>> {
  const queue = await createQueue(stack);
  const { SubscriptionArn } = await stack.sns.send(
    new SubscribeCommand({
      TopicArn: stack.topicArns[topic],
      Protocol: 'sqs',
      Endpoint: queue.arn,
      Attributes: {
        RawMessageDelivery: 'true',
        ...(filterPolicy && { FilterPolicy: JSON.stringify(filterPolicy) }),
      },
      ReturnSubscriptionArn: true,
    }),
  );
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const messages = await receive(stack, queue.url, stopping.signal);
      for (const message of messages) {
        onMessage(message.Body ?? '', attributesOf(message));
      }
      await deleteMessages(stack, queue.url, messages);
    }
  };
  const ended = loop();
  return async () => {
    stopping.abort();
    await ended;
    await stack.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await stack.sqs.send(new DeleteQueueCommand({ QueueUrl: queue.url }));
  };
}
