/** The queue for messages that can never be applied, each with the reason in its attributes (SMP 2.1, section 9). */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { sendBatches, toQueue } from './batch-calls.ts';

/** A message as it came, and why it can't be applied. */
export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  /** Printable text of at most a few hundred characters. */
  readonly reason: string;
  /** The ARN of the queue that it came from, where the sender is to blame. */
  readonly sourceArn?: string | undefined;
}

export interface DeadLetterQueue {
  /** @returns the message IDs of the letters that could not be sent */
  readonly send: (letters: readonly DeadLetter[]) => Promise<readonly string[]>;
}

export function sqsDeadLetterQueue(client: SQSClient, queueUrl: string): DeadLetterQueue {
  const call = {
    entryOf: ({ messageId, body, reason }: DeadLetter) => ({
      MessageBody: body,
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: reason },
        original_message_id: { DataType: 'String', StringValue: messageId },
      },
    }),
    bytesOf: ({ body, reason }: DeadLetter) => Buffer.byteLength(body) + Buffer.byteLength(reason),
    send: toQueue(client, queueUrl),
  };
  return {
    send: async (letters) => {
      const unsent = await sendBatches(letters, call);
      return unsent.map(({ item }) => item.messageId);
    },
  };
}
