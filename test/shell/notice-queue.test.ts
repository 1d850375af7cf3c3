/** The queue of failure notices: how they are taken, and deleted. */

import { DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { sqsNoticeQueue } from '../../lib/shell/notice-queue.ts';

function aQueue(answer: object) {
  const calls: { readonly isDelete: boolean; readonly input: object }[] = [];
  const client = {
    send: async (command: { readonly input: object }) => {
      calls.push({ isDelete: command instanceof DeleteMessageBatchCommand, input: command.input });
      return answer;
    },
  } as unknown as SQSClient;
  return { queue: sqsNoticeQueue(client, 'queue-url'), calls };
}

it('Notices are taken by ten, and hidden for longer than their function may run', async () => {
  const { queue, calls } = aQueue({ Messages: [{ Body: 'text', ReceiptHandle: 'r', MessageId: 'm' }] });
  expect(await queue.take()).toStrictEqual([{ body: 'text', receiptHandle: 'r' }]);
  expect(calls.map(({ input }) => input)).toStrictEqual([
    { QueueUrl: 'queue-url', MaxNumberOfMessages: 10, VisibilityTimeout: 300, WaitTimeSeconds: 1 },
  ]);
});

it('No notices are taken from an empty queue', async () => {
  expect(await aQueue({}).queue.take()).toStrictEqual([]);
});

it('Notices are deleted by ten', async () => {
  const { queue, calls } = aQueue({});
  await queue.delete(Array.from({ length: 12 }, (_, index) => ({ body: '', receiptHandle: `r${index}` })));
  expect(calls.map(({ isDelete, input }) => [isDelete, Object.keys(input).length])).toStrictEqual([
    [true, 2],
    [true, 2],
  ]);
  expect(calls[1]?.input).toStrictEqual({
    QueueUrl: 'queue-url',
    Entries: [
      { Id: '0', ReceiptHandle: 'r10' },
      { Id: '1', ReceiptHandle: 'r11' },
    ],
  });
});
