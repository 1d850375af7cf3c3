/**
 * SQS and SNS of the local run: fauxqs in this process, on loopback. Clients and handlers reach it over HTTP. The event
 * source mappings run in the same process and take messages straight from its queues.
 */

import { mkdirSync } from 'node:fs';
import { ACCOUNT_ID, REGION } from '../stack/emulated-cloud.ts';
import { createFauxqsParts, type FauxqsParts, type Spy, type SqsQueue } from './fauxqs-parts.ts';
import { LOOPBACK, listenOn, type PortWish } from './ports.ts';

/** A message attribute's value, as in SQS and SNS. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

/** A message that a consumer has taken and must delete within the queue's visibility timeout. Times are in milliseconds. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly messageAttributes: Readonly<Record<string, MessageAttribute>>;
  readonly md5OfMessageAttributes: string | undefined;
  /** Includes this time. */
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
  readonly sentAt: number;
}

/** A queue, for consumers and senders in this process. */
export interface LocalQueue {
  readonly url: string;
  readonly arn: string;
  /** Takes at most `limit` of the messages available now. Those received too often go to the dead-letter queue instead. */
  readonly receive: (limit: number) => ReceivedMessage[];
  /** Resolves when there may be messages, after `timeoutMs`, or when `signal` is aborted. */
  readonly waitForMessages: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
  readonly delete: (receiptHandles: readonly string[]) => void;
  /** How many messages are available, delayed, or taken and not deleted. */
  readonly count: () => number;
  /** Resolves when the message can't be lost any more. */
  readonly send: (body: string) => Promise<void>;
  /** Makes these messages, which were taken, available again at once. */
  readonly giveBack: (receiptHandles: readonly string[]) => void;
  /** Makes the messages available again that a consumer took before it died. */
  readonly returnAllTaken: () => void;
}

/** A published message, whether or not anyone is subscribed. */
export interface PublishedMessage {
  readonly topicArn: string;
  readonly topicName: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/** A message that somebody put into a queue. */
export interface QueuedMessage {
  readonly queueName: string;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

export interface QueueSubscription {
  readonly topicArn: string;
  readonly queueArn: string;
  /** As SNS has them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface QueueAndTopicEmulator {
  readonly endpoint: string;
  /** Creates the queue, or gives an existing one these attributes, and SQS's defaults for all others. */
  readonly putQueue: (name: string, attributes: Readonly<Record<string, string>>) => LocalQueue;
  readonly putTopic: (name: string) => void;
  /** Subscribes the queue to the topic, or gives the existing subscription these attributes. */
  readonly putSubscription: (subscription: QueueSubscription) => void;
  readonly stop: () => Promise<void>;
}

export interface QueueAndTopicEmulatorOptions extends PortWish {
  readonly folder: string;
  /** Called for every published message, before the publisher gets its answer. */
  readonly onPublished: (message: PublishedMessage) => void;
  /** Called for every message that is put into a queue. */
  readonly onQueued?: ((message: QueuedMessage) => void) | undefined;
}

const DEFAULT_QUEUE_ATTRIBUTES = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedrivePolicy: '',
};

/** Starts the emulator with the queues, messages, topics and subscriptions in the folder. */
export async function startQueueAndTopicEmulator(
  options: QueueAndTopicEmulatorOptions,
): Promise<QueueAndTopicEmulator> {
  mkdirSync(options.folder, { recursive: true });
  return listenOn(options, (port) => startOn(port, options));
}

async function startOn(
  port: number,
  { folder, onPublished, onQueued = () => {} }: QueueAndTopicEmulatorOptions,
): Promise<QueueAndTopicEmulator> {
  const endpoint = `http://${LOOPBACK}:${port}`;
  const parts = await createFauxqsParts(folder);
  const { webServer, sqs, sns, load, closeDatabase } = parts;
  const stop = async () => {
    await webServer.close();
    closeDatabase();
  };
  try {
    // Loaded before it listens, or the first requests would find no queues.
    load(endpoint);
    const spy = asSpy(onPublished, onQueued);
    sns.spy = spy;
    sqs.spy = spy;
    for (const queue of sqs.allQueues()) {
      queue.spy = spy;
    }
    await webServer.listen({ port, host: LOOPBACK });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint,
    putQueue: (name, attributes) => {
      const wanted = { ...DEFAULT_QUEUE_ATTRIBUTES, ...attributes };
      const arn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
      const queue =
        sqs.getQueueByName(name) ?? sqs.createQueue(name, `${endpoint}/${ACCOUNT_ID}/${name}`, arn);
      queue.setAttributes(wanted);
      return localQueue(queue, parts);
    },
    putTopic: (name) => void sns.createTopic(name, undefined, undefined, REGION),
    putSubscription: ({ topicArn, queueArn, attributes }) => {
      for (const { arn } of [...sns.subscriptions.values()].filter(
        (existing) => existing.topicArn === topicArn && existing.endpoint === queueArn,
      )) {
        sns.unsubscribe(arn);
      }
      sns.subscribe(topicArn, 'sqs', queueArn, attributes);
    },
    stop,
  };
}

function localQueue(queue: SqsQueue, { sqs, createMessage }: FauxqsParts): LocalQueue {
  return {
    url: queue.url,
    arn: queue.arn,
    receive: (limit) => receive(queue, limit, (arn) => sqs.getQueueByArn(arn)),
    waitForMessages: (timeoutMs, signal) => waitForMessages(queue, timeoutMs, signal),
    delete: (receiptHandles) => {
      for (const receiptHandle of receiptHandles) {
        queue.deleteMessage(receiptHandle);
      }
    },
    count: () => queue.messages.length + queue.delayedMessages.length + queue.inflightMessages.size,
    // The write is committed before the caller continues.
    send: async (body) => queue.enqueue(createMessage(body)),
    giveBack: (receiptHandles) => giveBack(queue, receiptHandles),
    returnAllTaken: () => giveBack(queue, [...queue.inflightMessages.keys()]),
  };
}

function giveBack(queue: SqsQueue, receiptHandles: readonly string[]): void {
  for (const receiptHandle of receiptHandles) {
    queue.changeVisibility(receiptHandle, 0);
  }
}

/** The most messages that fauxqs, like SQS, gives at once. */
const MAX_AT_ONCE = 10;

function receive(
  queue: SqsQueue,
  limit: number,
  findQueue: (arn: string) => SqsQueue | undefined,
): ReceivedMessage[] {
  const messages: ReceivedMessage[] = [];
  while (messages.length < limit) {
    const taken = queue.dequeue(Math.min(limit - messages.length, MAX_AT_ONCE), undefined, findQueue);
    if (taken.length === 0) {
      break;
    }
    for (const { ReceiptHandle } of taken) {
      messages.push(describe(queue, ReceiptHandle));
    }
  }
  return messages;
}

function describe(queue: SqsQueue, receiptHandle: string): ReceivedMessage {
  const message = queue.inflightMessages.get(receiptHandle)?.message;
  if (message === undefined) {
    throw new Error(`fauxqs gave a message of ${queue.name} and does not keep it.`);
  }
  return {
    messageId: message.messageId,
    receiptHandle,
    body: message.body,
    md5OfBody: message.md5OfBody,
    messageAttributes: message.messageAttributes,
    md5OfMessageAttributes: message.md5OfMessageAttributes || undefined,
    receiveCount: message.approximateReceiveCount,
    firstReceivedAt: message.approximateFirstReceiveTimestamp ?? Date.now(),
    sentAt: message.sentTimestamp,
  };
}

/** The longest that fauxqs, like SQS, lets a receiver wait. */
const MAX_WAIT_SECONDS = 20;

async function waitForMessages(queue: SqsQueue, timeoutMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    return;
  }
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort, { once: true });
  await Promise.race([queue.waitForMessages(Math.min(timeoutMs / 1000, MAX_WAIT_SECONDS)), aborted]);
  signal.removeEventListener('abort', onAbort);
}

/** fauxqs calls only this method of its test spy, for every message and also when one is taken from a queue. */
function asSpy(
  onPublished: QueueAndTopicEmulatorOptions['onPublished'],
  onQueued: NonNullable<QueueAndTopicEmulatorOptions['onQueued']>,
): Spy {
  const addMessage: Spy['addMessage'] = (message) => {
    if (message.service === 'sns') {
      const { topicArn, topicName, body, messageAttributes } = message;
      onPublished({ topicArn, topicName, body, attributes: messageAttributes });
    } else if (message.service === 'sqs' && message.status === 'published') {
      const { queueName, messageId, body, messageAttributes } = message;
      onQueued({ queueName, messageId, body, attributes: messageAttributes });
    }
  };
  return { addMessage } as Spy;
}
