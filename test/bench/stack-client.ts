/**
 * A client of a stack, local or deployed: sends to its queue, and receives what its topics publish about some debtors. It is the
 * client library's way through SQS and SNS, without its records: ledger-check.ts keeps its own and checks more, and a payment
 * through the records would take about a fifth of the time that all handlers together need for it.
 */

import { randomUUID } from 'node:crypto';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { subscribeQueue, type TextQueue, textQueue } from '../../lib/client/client.ts';
import { QUIET } from './quiet-logger.ts';
import type { StackOutputs } from './stack-outputs.ts';

const RECEIVERS = 16;
const TOPICS = ['to_creditors', 'to_debtors', 'to_coordinators'] as const;

export interface StackClient {
  readonly send: (bodies: readonly string[]) => Promise<void>;
  readonly countDeadLetters: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** @param debtorPrefix the first digits, sign included, of the debtor IDs whose messages are received */
export async function connect(
  outputs: StackOutputs,
  debtorPrefix: string,
  onMessage: (body: string) => void,
): Promise<StackClient> {
  const { topicArns, incomingQueueUrl, deadLetterQueueUrl } = outputs;
  // The answers check what was sent, so the SDK need not check digests.
  const sqs = new SQS({ ...outputs.messaging, logger: QUIET, md5: false, cacheMiddleware: true });
  const sns = new SNS(outputs.messaging);
  const filter = { debtor_id: [{ prefix: debtorPrefix }] };
  const subscription = await subscribeQueue({
    sqs,
    sns,
    topicArns,
    queueName: `bench-${randomUUID()}`,
    subscribing: TOPICS.map((topic) => ({ topic, filter })),
  });
  const incoming = textQueue({ sqs, queueUrl: incomingQueueUrl });
  const inbox = textQueue({ sqs, queueUrl: subscription.queueUrl });
  const closing = new AbortController();
  const receivers = Array.from({ length: RECEIVERS }, () => receive(inbox, onMessage, closing.signal));
  return {
    send: async (bodies) => void (await incoming.send(bodies)),
    countDeadLetters: () => countMessages(sqs, deadLetterQueueUrl),
    close: async () => {
      closing.abort();
      await Promise.all(receivers);
      await subscription.remove();
      sqs.destroy();
      sns.destroy();
    },
  };
}

async function countMessages(sqs: SQS, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.getQueueAttributes({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  return Number(Attributes.ApproximateNumberOfMessages ?? 0);
}

async function receive(
  inbox: TextQueue,
  onMessage: (body: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const deliveries = await inbox.receive(signal).catch((error) => {
      if (!signal.aborted) {
        throw error;
      }
      return [];
    });
    for (const { body } of deliveries) {
      onMessage(body);
    }
    await inbox.acknowledge(deliveries);
  }
}
