/** Where messages end that can never be applied, with the reason in their attributes (SMP 2.1, section 9). */

import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';

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

/** SQS takes ten entries in a call, and no more than this many bytes together. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 262_144;

export function sqsDeadLetterQueue(client: SQSClient, queueUrl: string): DeadLetterQueue {
  return {
    send: async (letters) => {
      const results = await Promise.all(inCalls(letters).map((call) => sendCall(client, queueUrl, call)));
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

function inCalls(letters: readonly DeadLetter[]): DeadLetter[][] {
  const calls: DeadLetter[][] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = Buffer.byteLength(letter.body) + Buffer.byteLength(letter.reason);
    const call = calls.at(-1);
    if (call === undefined || call.length === MAX_ENTRIES || bytes + size > MAX_BYTES) {
      calls.push([letter]);
      bytes = size;
    } else {
      call.push(letter);
      bytes += size;
    }
  }
  return calls;
}
