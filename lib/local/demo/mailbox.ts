/** The demo as a client: it sends to the incoming queue, and receives from the topics and the dead-letter queue. */

import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { LocalRun } from '../local-run.ts';
import { REGION } from '../stack/emulated-cloud.ts';
import { parseWire, type WireMessage } from '../wire.ts';
import { DEAD_LETTER } from './script.ts';

export interface Mailbox {
  /** Sends the bodies in this order. */
  readonly send: (bodies: readonly string[]) => Promise<void>;
  /** The next message that is not a repetition, or `undefined` if none comes in time. */
  readonly next: (timeoutMs: number) => Promise<WireMessage | undefined>;
  /** Resolves with the reason if no more messages can be received. */
  readonly whenBroken: Promise<Error>;
  readonly close: () => Promise<void>;
}

export async function openMailbox({
  endpoint,
  outputs,
}: Pick<LocalRun, 'endpoint' | 'outputs'>): Promise<Mailbox> {
  const place = { endpoint, region: REGION, credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } };
  const sqs = new SQSClient(place);
  const queueUrl = await subscribe(sqs, new SNSClient(place), outputs);
  const deadLetterQueueUrl = outputs.DeadLetterQueueUrl ?? '';
  const arrivals = new Arrivals();
  const closing = new AbortController();
  const { signal } = closing;
  const loops = [
    receiveAll({ sqs, queueUrl, signal }, (body) => arrivals.add(body, parseWire(body))),
    receiveAll({ sqs, queueUrl: deadLetterQueueUrl, signal }, (body, { reason, original_message_id }) =>
      arrivals.add(`${original_message_id}`, { type: DEAD_LETTER, reason, body }),
    ),
  ];
  return {
    send: (bodies) => send(sqs, outputs.IncomingQueueUrl ?? '', bodies),
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
    },
  };
}

/** @returns the URL of a new queue to which all topics deliver */
async function subscribe(
  sqs: SQSClient,
  sns: SNSClient,
  outputs: Readonly<Record<string, string>>,
): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'demo' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const topics = ['ToCreditorsTopicArn', 'ToDebtorsTopicArn', 'ToCoordinatorsTopicArn'];
  const subscriptions = topics.map((name) => ({
    TopicArn: outputs[name],
    Protocol: 'sqs',
    Endpoint: Attributes?.QueueArn,
    Attributes: { RawMessageDelivery: 'true' },
  }));
  await Promise.all(subscriptions.map((subscription) => sns.send(new SubscribeCommand(subscription))));
  sns.destroy();
  return QueueUrl;
}

const MAX_ENTRIES = 10;

async function send(sqs: SQSClient, QueueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let start = 0; start < bodies.length; start += MAX_ENTRIES) {
    const call = bodies.slice(start, start + MAX_ENTRIES);
    const Entries = call.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

type Attributes = Readonly<Record<string, string | undefined>>;

interface Source {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly signal: AbortSignal;
}

async function receiveAll(
  source: Source,
  onMessage: (body: string, attributes: Attributes) => void,
): Promise<void> {
  while (!source.signal.aborted) {
    const Messages = await receive(source);
    if (Messages.length === 0) {
      continue;
    }
    for (const { Body = '', MessageAttributes = {} } of Messages) {
      const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
        name,
        StringValue,
      ]);
      onMessage(Body, Object.fromEntries(attributes));
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    await source.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: source.queueUrl, Entries }));
  }
}

/** Waits for messages as long as SQS allows; none when `signal` is aborted. */
async function receive({ sqs, queueUrl, signal }: Source): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: MAX_ENTRIES,
    WaitTimeSeconds: 20,
    MessageAttributeNames: ['All'],
  });
  try {
    return (await sqs.send(command, { abortSignal: signal })).Messages ?? [];
  } catch (error) {
    if (signal.aborted) {
      return [];
    }
    throw error;
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
