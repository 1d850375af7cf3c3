/** A client's way to the authority through two SQS queues: the authority's, and one of its own. */

import { printMessage } from '../../protocol/codec.ts';
import type { Transport } from '../ports.ts';
import type { QueueCalls } from './calls.ts';
import { textQueue } from './text-queue.ts';

/** The two queues, and how to reach them. */
export interface QueueTransportOptions {
  /** An instance of `SQS` of `@aws-sdk/client-sqs`; the caller owns it. */
  readonly sqs: QueueCalls;
  /** The URL of the authority's queue for incoming messages: the stack's output `IncomingQueueUrl`. */
  readonly incomingQueueUrl: string;
  /** The URL of the client's queue: that of a subscription, or a peer's *out* queue. Only this client takes from it. */
  readonly queueUrl: string;
}

/** The transport for `openClient`: messages of all callers share calls of SQS, ten in each. Its calls throw `QueueError`, too. */
export function queueTransport({ sqs, incomingQueueUrl, queueUrl }: QueueTransportOptions): Transport {
  const incoming = textQueue({ sqs, queueUrl: incomingQueueUrl });
  const own = textQueue({ sqs, queueUrl });
  return {
    send: async (messages, signal) => {
      signal?.throwIfAborted();
      await incoming.send(messages.map(printMessage));
    },
    receive: (signal) => own.receive(signal),
    acknowledge: (deliveries) => own.acknowledge(deliveries),
  };
}
