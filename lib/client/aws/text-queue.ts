/**
 * One SQS queue and the texts in it: the lowest layer of the client, which reads no message. For programs that send or receive
 * what is no message of the protocol, or want to see a message as it was written.
 */

import type { Delivery } from '../ports.ts';
import { Batches } from './batches.ts';
import { type BatchAnswer, type QueueCalls, withSignal } from './calls.ts';

/** Which queue, and how to reach it. */
export interface TextQueueOptions {
  /** An instance of `SQS` of `@aws-sdk/client-sqs`; the caller owns it. */
  readonly sqs: QueueCalls;
  /** The URL of the queue. */
  readonly queueUrl: string;
  /** Whether deliveries bring the attributes of their messages. Default false: they are not asked for. */
  readonly withAttributes?: boolean;
}

/** A text from a queue. It comes again unless it is acknowledged. */
export interface TextDelivery extends Delivery {
  /** The message's attributes of type String, by name; none where they were not asked for. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A queue whose messages are texts. */
export interface TextQueue {
  /**
   * Sends the texts as they are, ten in a call. Resolves with the IDs that SQS gave them, in order, when all are in the queue.
   * @throws {QueueError} when SQS did not take one of them; others may have been sent
   */
  send(texts: readonly string[]): Promise<readonly string[]>;
  /** Resolves with the next texts, at most ten, or with none when none came for 20 seconds. Rejects when the signal is aborted. */
  receive(signal: AbortSignal): Promise<readonly TextDelivery[]>;
  /**
   * Deletes what these deliveries brought.
   * @throws {QueueError} when SQS did not delete one of them: it may come again
   */
  acknowledge(deliveries: readonly Delivery[]): Promise<void>;
}

/** A message that SQS did not take, or a deletion that it did not make. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

const BATCH_SIZE = 10;
/** The longest that SQS waits for messages. */
const WAIT_SECONDS = 20;

/** The queue behind the URL. No call is made before one of its own is. */
export function textQueue({ sqs, queueUrl, withAttributes = false }: TextQueueOptions): TextQueue {
  const QueueUrl = queueUrl;
  const sends = new Batches<string, string>(async (texts) => {
    const Entries = texts.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    return resultsOf(await sqs.sendMessageBatch({ QueueUrl, Entries }), texts.length);
  });
  const deletions = new Batches<string, string>(async (handles) => {
    const Entries = handles.map((ReceiptHandle, index) => ({ Id: `${index}`, ReceiptHandle }));
    return resultsOf(await sqs.deleteMessageBatch({ QueueUrl, Entries }), handles.length);
  });
  const receiving = {
    QueueUrl,
    MaxNumberOfMessages: BATCH_SIZE,
    WaitTimeSeconds: WAIT_SECONDS,
    ...(withAttributes && { MessageAttributeNames: ['All'] }),
  };
  return {
    send: (texts) => Promise.all(texts.map((text) => sends.add(text))),
    receive: async (signal) => {
      const { Messages = [] } = await sqs.receiveMessage(receiving, withSignal(signal));
      return Messages.map(({ Body = '', ReceiptHandle = '', MessageAttributes = {} }) => ({
        body: Body,
        handle: ReceiptHandle,
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }]) =>
            DataType === 'String' && StringValue !== undefined ? [[name, StringValue]] : [],
          ),
        ),
      }));
    },
    acknowledge: async (deliveries) => {
      await Promise.all(deliveries.map(({ handle }) => deletions.add(handle)));
    },
  };
}

/** The ID or the error of each entry, in order; deletions have no IDs. */
function resultsOf(
  { Failed = [], Successful = [] }: BatchAnswer,
  count: number,
): readonly (string | Error)[] {
  const errors = new Map(
    Failed.map(({ Id, Code, Message = '' }) => [Id, new QueueError(`${Code}: ${Message}`)]),
  );
  const ids = new Map(Successful.map(({ Id, MessageId = '' }) => [Id, MessageId]));
  return Array.from({ length: count }, (_, index) => errors.get(`${index}`) ?? ids.get(`${index}`) ?? '');
}
