/** A subscriber of all topics: one queue for each topic, and every message is kept until a test takes it. */

import { randomUUID } from 'node:crypto';
import {
  type FilterPolicy,
  subscribeQueue,
  type TextDelivery,
  textQueue,
} from '../../../lib/client/client.ts';
import type { Topic } from '../../../lib/client/messages.ts';
import { receive } from './receive.ts';
import type { StackUnderTest } from './stack-under-test.ts';
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
  readonly filterPolicy?: FilterPolicy;
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
  const arrive = (topic: Topic, { body, attributes }: TextDelivery) => {
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
      subscribe(stack, { topic, filter: filterPolicy ?? {} }, (delivery) => arrive(topic, delivery)),
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
  { sqs, sns, topicArns }: StackUnderTest,
  subscribing: { readonly topic: Topic; readonly filter: FilterPolicy },
  onDelivery: (delivery: TextDelivery) => void,
): Promise<() => Promise<void>> {
  const queueName = `end-to-end-${randomUUID()}`;
  const subscription = await subscribeQueue({ sqs, sns, topicArns, queueName, subscribing: [subscribing] });
  const queue = textQueue({ sqs, queueUrl: subscription.queueUrl, withAttributes: true });
  const stopping = new AbortController();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const deliveries = await receive(queue, stopping.signal);
      for (const delivery of deliveries) {
        onDelivery(delivery);
      }
      await queue.acknowledge(deliveries);
    }
  };
  const ended = loop();
  return async () => {
    stopping.abort();
    await ended;
    await subscription.remove();
  };
}
