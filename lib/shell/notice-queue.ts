/** The queue of Lambda's failure notices. Nothing feeds on it: whoever works on notices takes and deletes them. */

import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { inSlices } from './concurrency.ts';

export interface TakenNotice {
  readonly body: string;
  readonly receiptHandle: string;
}

export interface NoticeQueue {
  /** @returns up to ten notices, out of sight of others for five minutes; none when the queue seems empty */
  readonly take: () => Promise<readonly TakenNotice[]>;
  /** Deletes what it can; the others come again. */
  readonly delete: (notices: readonly TakenNotice[]) => Promise<void>;
}

const MAX_TAKEN = 10;
/** Longer than the function that takes them may run. */
const VISIBILITY_SECONDS = 300;
/** Asks all of SQS's hosts, so that an answer without a message means that there is hardly any. */
const WAIT_SECONDS = 1;

export function sqsNoticeQueue(client: SQSClient, queueUrl: string): NoticeQueue {
  return {
    take: async () => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: MAX_TAKEN,
          VisibilityTimeout: VISIBILITY_SECONDS,
          WaitTimeSeconds: WAIT_SECONDS,
        }),
      );
      return Messages.map(({ Body = '', ReceiptHandle = '' }) => ({
        body: Body,
        receiptHandle: ReceiptHandle,
      }));
    },
    delete: async (notices) => {
      for (const slice of inSlices(notices, MAX_TAKEN)) {
        const Entries = slice.map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
        }));
        await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    },
  };
}
