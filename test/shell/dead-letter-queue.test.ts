/** Dead letters on their way to their queue (SMP 2.1, section 9). */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type DeadLetter, sqsDeadLetterQueue } from '../../lib/shell/dead-letter-queue.ts';
import { testSqsClient } from '../support/messaging-clients.ts';

function letters(count: number, body = 'noise'): DeadLetter[] {
  return Array.from({ length: count }, (_, index) => ({ messageId: `m${index}`, body, reason: 'because' }));
}

describe('the dead-letter queue', () => {
  it('gets the message as it came, with the reason and its ID in attributes', async () => {
    const { client, inputs } = testSqsClient();
    const failed = await sqsDeadLetterQueue(client, 'queue-url').send(letters(1));
    expect(failed).toStrictEqual([]);
    expect(inputs).toStrictEqual([
      {
        QueueUrl: 'queue-url',
        Entries: [
          {
            Id: '0',
            MessageBody: 'noise',
            MessageAttributes: {
              reason: { DataType: 'String', StringValue: 'because' },
              original_message_id: { DataType: 'String', StringValue: 'm0' },
            },
          },
        ],
      },
    ]);
  });

  it('gets ten letters in a call', async () => {
    const { client, inputs } = testSqsClient();
    await sqsDeadLetterQueue(client, 'queue-url').send(letters(21));
    expect(inputs.map(({ Entries = [] }) => Entries.length)).toStrictEqual([10, 10, 1]);
  });

  it.each([
    ['of bytes', 'x'.repeat(100_000), [2, 2, 1]],
    ['of characters of three bytes', '€'.repeat(40_000), [2, 2, 1]],
    ['as large as a message may be', 'x'.repeat(262_144), [1, 1, 1, 1, 1]],
  ])('gets no more in a call than SQS takes: letters %s', async (_, body, sizes) => {
    const { client, inputs } = testSqsClient();
    await sqsDeadLetterQueue(client, 'queue-url').send(letters(5, body));
    expect(inputs.map(({ Entries = [] }) => Entries.length)).toStrictEqual(sizes);
  });

  it('counts what it says of a letter as part of its size', async () => {
    const { client, inputs } = testSqsClient();
    const [one, other] = letters(2, 'x'.repeat(131_072 - 'because'.length)) as [DeadLetter, DeadLetter];
    await sqsDeadLetterQueue(client, 'queue-url').send([one, other]);
    await sqsDeadLetterQueue(client, 'queue-url').send([one, { ...other, reason: 'because!' }]);
    expect(inputs.map(({ Entries = [] }) => Entries.length)).toStrictEqual([2, 1, 1]);
  });

  it('has taken all when it names no failure, or one of no letter', async () => {
    for (const answer of [{}, { Failed: [{ Id: '9' }] }]) {
      const client = { send: async () => answer } as unknown as SQSClient;
      expect(await sqsDeadLetterQueue(client, 'queue-url').send(letters(1))).toStrictEqual([]);
    }
  });

  it('tells which letters it did not take, so that they stay where they came from', async () => {
    const { client } = testSqsClient((call) => (call === 0 ? [1] : new Error('no route')));
    const failed = await sqsDeadLetterQueue(client, 'queue-url').send(letters(12));
    expect(failed).toStrictEqual(['m1', 'm10', 'm11']);
  });
});
