/** The demo as a client: it sends to the incoming queue, and receives from the topics and the dead-letter queue. */

import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { subscribeQueue, type TextDelivery, type TextQueue, textQueue } from '../../client/client.ts';
import type { LocalRun } from '../local-run.ts';
import { REGION } from '../stack/emulated-cloud.ts';
import { parseWire, type WireMessage } from '../wire.ts';
import { DEAD_LETTER } from './script.ts';

export interface Mailbox {
  /** Sends the bodies as they are, in this order as far as a queue keeps one. */
  readonly send: (bodies: readonly string[]) => Promise<void>;
  /** The next message that is not a repetition, or `undefined` if none comes in time. */
  readonly next: (timeoutMs: number) => Promise<WireMessage | undefined>;
  /** Resolves with the reason if no more messages can be received. */
  readonly whenBroken: Promise<Error>;
  readonly close: () => Promise<void>;
}

const TOPICS = ['to_creditors', 'to_debtors', 'to_coordinators'] as const;

export async function openMailbox({
  endpoint,
  outputs,
}: Pick<LocalRun, 'endpoint' | 'outputs'>): Promise<Mailbox> {
  const place = { endpoint, region: REGION, credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } };
  const sqs = new SQS(place);
  const sns = new SNS(place);
  const { queueUrl } = await subscribeQueue({
    sqs,
    sns,
    topicArns: {
      to_creditors: outputs.ToCreditorsTopicArn ?? '',
      to_debtors: outputs.ToDebtorsTopicArn ?? '',
      to_coordinators: outputs.ToCoordinatorsTopicArn ?? '',
    },
    queueName: 'demo',
    subscribing: TOPICS.map((topic) => ({ topic, filter: {} })),
  });
  const arrivals = new Arrivals();
  const closing = new AbortController();
  const { signal } = closing;
  const published = textQueue({ sqs, queueUrl });
  const deadLetters = textQueue({ sqs, queueUrl: outputs.DeadLetterQueueUrl ?? '', withAttributes: true });
  const loops = [
    receiveAll(published, signal, ({ body }) => arrivals.add(body, parseWire(body))),
    receiveAll(deadLetters, signal, ({ body, attributes: { reason, original_message_id } }) =>
      arrivals.add(`${original_message_id}`, { type: DEAD_LETTER, reason, body }),
    ),
  ];
  const incoming = textQueue({ sqs, queueUrl: outputs.IncomingQueueUrl ?? '' });
  return {
    send: async (bodies) => void (await incoming.send(bodies)),
    next: (timeoutMs) => arrivals.next(timeoutMs),
    whenBroken: new Promise((resolve) => {
      for (const loop of loops) {
        loop.catch(resolve);
      }
    }),
    close: async () => {
      closing.abort();
      await Promise.allSettled(loops);
      sqs.destroy();
      sns.destroy();
    },
  };
}

/** Ends when the signal is aborted. */
async function receiveAll(
  queue: TextQueue,
  signal: AbortSignal,
  onDelivery: (delivery: TextDelivery) => void,
): Promise<void> {
  while (!signal.aborted) {
    const deliveries = await queue.receive(signal);
    for (const delivery of deliveries) {
      onDelivery(delivery);
    }
    await queue.acknowledge(deliveries);
  }
}

/** Messages in the order of their arrival, each once: queues and topics deliver at least once. */
class Arrivals {
  readonly #seen = new Set<string>();
  readonly #waiting: WireMessage[] = [];
  #wake = (): void => {};

  add(identity: string, message: WireMessage): void {
    if (!this.#seen.has(identity)) {
      this.#seen.add(identity);
      this.#waiting.push(message);
      this.#wake();
    }
  }

  async next(timeoutMs: number): Promise<WireMessage | undefined> {
    if (this.#waiting.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, timeoutMs);
      await promise;
      clearTimeout(timer);
    }
    return this.#waiting.shift();
  }
}
