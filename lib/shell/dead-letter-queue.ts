/** Where messages end that can never be applied, with the reason in their attributes (SMP 2.1, section 9). */

import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inSizedCalls } from './message-packing.ts';

/** A message as it came, and why it can't be applied. */
export interface DeadLetter {
  readonly messageId: string;
  readonly body: string;
  /** Printable text of at most a few hundred characters. */
  readonly reason: string;
}

export interface DeadLetterQueue {
  /** @returns the message IDs of the letters that could not be sent */
  readonly send: (letters: readonly DeadLetter[]) => Promise<readonly string[]>;
}

export function sqsDeadLetterQueue(client: SQSClient, queueUrl: string): DeadLetterQueue {
  return {
    send: async (letters) => {
      const calls = inSizedCalls(letters, sizeOf);
      const results = await Promise.all(calls.map((call) => sendCall(client, queueUrl, call)));
      return results.flat();
    },
  };
}

async function sendCall(
  client: SQSClient,
  queueUrl: string,
  letters: readonly DeadLetter[],
): Promise<string[]> {
  const entries = letters.map(
    ({ messageId, body, reason }, index): SendMessageBatchRequestEntry => ({
      Id: String(index),
      MessageBody: body,
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: reason },
        original_message_id: { DataType: 'String', StringValue: messageId },
      },
    }),
  );
  try {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
    );
    return Failed.flatMap(({ Id }) => letters[Number(Id)]?.messageId ?? []);
  } catch {
    // Nothing is lost: the messages stay in the queue that they came from, and the queue's own redrive is the last resort.
    return letters.map(({ messageId }) => messageId);
  }
}

function sizeOf({ body, reason }: DeadLetter): number {
  return Buffer.byteLength(body) + Buffer.byteLength(reason);
}
