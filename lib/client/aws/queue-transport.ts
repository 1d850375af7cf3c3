/** A client's way to the authority through two SQS queues: the authority's, and one of its own. */

import { printMessage } from '../../protocol/codec.ts';
import type { Delivery, Transport } from '../ports.ts';
import { Batches, type EntryError } from './batches.ts';
import { type BatchAnswer, type QueueCalls, withSignal } from './calls.ts';

export interface QueueTransportOptions {
  /** An instance of `SQS` of `@aws-sdk/client-sqs`; the caller owns it. */
  readonly sqs: QueueCalls;
  /** The URL of the authority's queue for incoming messages: the stack's output `IncomingQueueUrl`. */
  readonly incomingQueueUrl: string;
  /** The URL of the client's queue: that of a subscription, or a peer's *out* queue. Only this client takes from it. */
  readonly queueUrl: string;
}

/** A message that SQS did not take, or a deletion that it did not make. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

const BATCH_SIZE = 10;
/** The longest that SQS waits for messages. */
const WAIT_SECONDS = 20;

export function queueTransport({ sqs, incomingQueueUrl, queueUrl }: QueueTransportOptions): Transport {
  const sends = new Batches<string>(async (bodies) => {
    const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    return errorsOf(await sqs.sendMessageBatch({ QueueUrl: incomingQueueUrl, Entries }), bodies.length);
  });
  const deletions = new Batches<string>(async (handles) => {
    const Entries = handles.map((ReceiptHandle, index) => ({ Id: `${index}`, ReceiptHandle }));
    return errorsOf(await sqs.deleteMessageBatch({ QueueUrl: queueUrl, Entries }), handles.length);
  });
  return {
    send: async (messages, signal) => {
      signal?.throwIfAborted();
      await Promise.all(messages.map((message) => sends.add(printMessage(message))));
    },
    receive: async (signal): Promise<readonly Delivery[]> => {
      const input = { QueueUrl: queueUrl, MaxNumberOfMessages: BATCH_SIZE, WaitTimeSeconds: WAIT_SECONDS };
      const { Messages = [] } = await sqs.receiveMessage(input, withSignal(signal));
      return Messages.map(({ Body = '', ReceiptHandle = '' }) => ({ body: Body, handle: ReceiptHandle }));
    },
    acknowledge: async (deliveries) => {
      await Promise.all(deliveries.map(({ handle }) => deletions.add(handle)));
    },
  };
}

function errorsOf({ Failed = [] }: BatchAnswer, count: number): readonly EntryError[] {
  const errors = new Map(
    Failed.map(({ Id, Code, Message = '' }) => [Id, new QueueError(`${Code}: ${Message}`)]),
  );
  return Array.from({ length: count }, (_, index) => errors.get(`${index}`));
}
