/** The queue that feeds a function, as the function itself uses it: takes more messages, deletes those, and delays others. */

import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { sendBatches } from './batch-calls.ts';
import { MESSAGES_IN_RECEIVE } from './drain-rounds.ts';
import type { Delivery } from './invocation.ts';

/** A delivery, with what the queue has to be told to delete or to delay it. */
export interface QueueDelivery extends Delivery {
  readonly receiptHandle: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
}

export interface DelayedDelivery {
  readonly delivery: QueueDelivery;
  /** From now on; at most 43,200. */
  readonly seconds: number;
}

export interface SourceQueue {
  /**
   * Takes up to ten messages, and does not wait for any.
   * @param hiddenSeconds how long nobody else gets them
   * @throws when the call fails
   */
  readonly receive: (hiddenSeconds: number) => Promise<readonly QueueDelivery[]>;
  /** @returns how many may not be deleted */
  readonly delete: (deliveries: readonly QueueDelivery[]) => Promise<number>;
  /** Has messages come again after a while. Where that fails, they do when their time is up. */
  readonly delay: (delayed: readonly DelayedDelivery[]) => Promise<void>;
}

/** Entries that SQS refuses for a moment are worth another try: otherwise the messages are handled again. */
const MAX_DELETE_ATTEMPTS = 3;

export function sqsSourceQueue(client: SQSClient, QueueUrl: string): SourceQueue {
  const deleting = {
    entryOf: ({ receiptHandle }: QueueDelivery) => ({ ReceiptHandle: receiptHandle }),
    send: (Entries: { readonly Id: string; readonly ReceiptHandle: string }[]) =>
      client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })),
  };
  const delaying = {
    entryOf: ({ delivery, seconds }: DelayedDelivery) => ({
      ReceiptHandle: delivery.receiptHandle,
      VisibilityTimeout: seconds,
    }),
    send: (
      Entries: { readonly Id: string; readonly ReceiptHandle: string; readonly VisibilityTimeout: number }[],
    ) => client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })),
  };
  return {
    receive: async (hiddenSeconds) => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: MESSAGES_IN_RECEIVE,
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: 0,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
      );
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
      }));
    },
    delete: async (deliveries) => {
      let left = deliveries;
      for (let attempt = 1; left.length > 0 && attempt <= MAX_DELETE_ATTEMPTS; attempt += 1) {
        left = (await sendBatches(left, deleting)).map(({ item }) => item);
      }
      return left.length;
    },
    delay: async (delayed) => void (await sendBatches(delayed, delaying)),
  };
}

/**
 * The URL of the queue with the ARN. All queues of an account have URLs that differ in their last part only, whatever the
 * partition, the endpoint or the emulator.
 * @param arn such as `arn:aws:sqs:us-east-1:123456789012:queue`
 * @param queueUrl of another queue of the same account
 * @throws {Error} when the queue is one of another account
 */
export function urlOfQueue(arn: string, queueUrl: string): string {
  const [account, name] = arn.split(':').slice(4);
  const base = queueUrl.replace(/[^/]*$/, '');
  if (account === undefined || !name || !base.endsWith(`/${account}/`)) {
    throw new Error(`Queue ${arn} is not one of the account of ${queueUrl}.`);
  }
  return `${base}${name}`;
}
