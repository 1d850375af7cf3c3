/** The demo as a client: it sends to the incoming queue, and gets what the topics and the dead-letter queue deliver. */

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
import { REGION } from '../stack/emulated-cloud.ts';
import { DEAD_LETTER } from './script.ts';
import { parseWire, type WireMessage } from './wire.ts';

export interface Mailbox {
  /** Sends the bodies in this order. */
  readonly send: (bodies: readonly string[]) => Promise<void>;
  /** The next message that is not a mere repetition, or `undefined` when none comes in time. */
  readonly next: (timeoutMs: number) => Promise<WireMessage | undefined>;
  /** Resolves with what went wrong if nothing can be received any more. */
  readonly whenBroken: Promise<Error>;
  readonly close: () => Promise<void>;
}

export interface MailboxAddresses {
  /** Of SQS and SNS. */
  readonly endpoint: string;
  /** Of the stack. */
  readonly outputs: Readonly<Record<string, string>>;
}

export async function openMailbox({ endpoint, outputs }: MailboxAddresses): Promise<Mailbox> {
  const place = { endpoint, region: REGION, credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } };
  const sqs = new SQSClient(place);
  const queueUrl = await subscribe(sqs, new SNSClient(place), outputs);
  const arrivals = createArrivals();
  const closing = new AbortController();
  const loops = [
    receiveAll(sqs, queueUrl, closing.signal, (body) => arrivals.add(body, parseWire(body))),
    receiveAll(
      sqs,
      outputs.DeadLetterQueueUrl ?? '',
      closing.signal,
      (body, { reason, original_message_id }) =>
        arrivals.add(`${original_message_id}`, { type: DEAD_LETTER, reason, body }),
    ),
  ];
  return {
    send: (bodies) => send(sqs, outputs.IncomingQueueUrl ?? '', bodies),
    next: arrivals.next,
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

async function receiveAll(
  sqs: SQSClient,
  QueueUrl: string,
  signal: AbortSignal,
  onMessage: (body: string, attributes: Attributes) => void,
): Promise<void> {
  while (!signal.aborted) {
    const Messages = await receive(sqs, QueueUrl, signal);
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
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** Waits for messages as long as SQS lets one wait; none when `signal` is aborted. */
async function receive(sqs: SQSClient, QueueUrl: string, signal: AbortSignal): Promise<Message[]> {
  const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] };
  try {
    return (await sqs.send(new ReceiveMessageCommand(request), { abortSignal: signal })).Messages ?? [];
  } catch (error) {
    if (signal.aborted) {
      return [];
    }
    throw error;
  }
}

/** Messages in the order in which they came, each once: queues and topics deliver at least once. */
function createArrivals() {
  const seen = new Set<string>();
  const waiting: WireMessage[] = [];
  let wake = (): void => {};
  return {
    add: (identity: string, message: WireMessage): void => {
      if (seen.has(identity)) {
        return;
      }
      seen.add(identity);
      waiting.push(message);
      wake();
    },
    next: async (timeoutMs: number): Promise<WireMessage | undefined> => {
      if (waiting.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = setTimeout(resolve, timeoutMs);
        await promise;
        clearTimeout(timer);
      }
      return waiting.shift();
    },
  };
}
