/** How letters reach the dead-letter queue: with their reasons, in calls that SQS takes, and none forgotten. */

import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type DeadLetter, sqsDeadLetterQueue } from '../../lib/shell/dead-letter-queue.ts';

type Call = SendMessageBatchCommand['input'];

/** A client that answers each call as told, and remembers it. */
function aClient(answer: (call: Call) => { Failed?: { Id: string }[] }) {
  const calls: Call[] = [];
  const client = {
    send: async ({ input }: SendMessageBatchCommand) => {
      calls.push(input);
      return answer(input);
    },
  } as unknown as SQSClient;
  return { calls, queue: sqsDeadLetterQueue(client, 'https://queue.example/dlq') };
}

function letters(count: number, body = 'body'): DeadLetter[] {
  return Array.from({ length: count }, (_, index) => ({ messageId: `m${index}`, body, reason: 'because' }));
}

describe('a dead letter', () => {
  it('is sent as it came, with the reason and its first ID as attributes', async () => {
    const { calls, queue } = aClient(() => ({}));
    expect(await queue.send(letters(1))).toStrictEqual([]);
    expect(calls).toStrictEqual([
      {
        QueueUrl: 'https://queue.example/dlq',
        Entries: [
          {
            Id: '0',
            MessageBody: 'body',
            MessageAttributes: {
              reason: { DataType: 'String', StringValue: 'because' },
              original_message_id: { DataType: 'String', StringValue: 'm0' },
            },
          },
        ],
      },
    ]);
  });

  it('goes with nine others at most', async () => {
    const { calls, queue } = aClient(() => ({}));
    await queue.send(letters(25));
    expect(calls.map(({ Entries = [] }) => Entries.length)).toStrictEqual([10, 10, 5]);
  });

  it('goes with so few others that a call stays within 256 KB', async () => {
    const { calls, queue } = aClient(() => ({}));
    await queue.send(letters(5, 'x'.repeat(100_000)));
    expect(calls.map(({ Entries = [] }) => Entries.length)).toStrictEqual([2, 2, 1]);
  });

  it('is reported when it was not taken, alone or with its whole call', async () => {
    const some = aClient(() => ({ Failed: [{ Id: '1' }] }));
    expect(await some.queue.send(letters(3))).toStrictEqual(['m1']);
    const none = aClient(() => {
      throw new Error('no answer');
    });
    expect(await none.queue.send(letters(2))).toStrictEqual(['m0', 'm1']);
  });
});
