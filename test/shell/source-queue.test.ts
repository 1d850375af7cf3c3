/** The queue that feeds a function, as the function uses it. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type QueueDelivery, sqsSourceQueue, urlOfQueue } from '../../lib/shell/source-queue.ts';

const URL_OF_QUEUE = 'https://sqs.us-east-1.amazonaws.com/123456789012/incoming';

interface Sent {
  readonly name: string;
  readonly input: { readonly Entries?: readonly { readonly Id: string }[] };
}

/** @param answer the answer to the call with that number, from 0 */
function aClient(answer: (call: number, sent: Sent) => object = () => ({})) {
  const sent: Sent[] = [];
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: Sent['input'];
  }) => {
    const one = { name: command.constructor.name, input: command.input };
    sent.push(one);
    return answer(sent.length - 1, one);
  };
  return { sent, queue: sqsSourceQueue({ send } as unknown as SQSClient, URL_OF_QUEUE) };
}

function deliveries(count: number): QueueDelivery[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `m${index}`,
    body: '{}',
    receiptHandle: `h${index}`,
    receiveCount: 1,
  }));
}

describe('Taking messages', () => {
  it('asks for ten, waits for none, and hides them', async () => {
    const { sent, queue } = aClient(() => ({
      Messages: [
        { MessageId: 'm', ReceiptHandle: 'h', Body: '{}', Attributes: { ApproximateReceiveCount: '3' } },
      ],
    }));
    expect(await queue.receive(50)).toStrictEqual([
      { messageId: 'm', receiptHandle: 'h', body: '{}', receiveCount: 3 },
    ]);
    expect(sent).toStrictEqual([
      {
        name: 'ReceiveMessageCommand',
        input: {
          QueueUrl: URL_OF_QUEUE,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 50,
          WaitTimeSeconds: 0,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        },
      },
    ]);
  });

  it('takes one of which the queue tells no count as received for the first time', async () => {
    const { queue } = aClient(() => ({ Messages: [{ MessageId: 'm', ReceiptHandle: 'h', Body: '{}' }] }));
    expect(await queue.receive(50)).toStrictEqual([
      { messageId: 'm', receiptHandle: 'h', body: '{}', receiveCount: 1 },
    ]);
  });

  it('brings nothing from an empty queue', async () => {
    expect(await aClient().queue.receive(50)).toStrictEqual([]);
  });
});

describe('Deleting messages', () => {
  it('is done ten in a call', async () => {
    const { sent, queue } = aClient();
    expect(await queue.delete(deliveries(12))).toBe(0);
    expect(sent.map(({ name, input }) => [name, input.Entries?.length])).toStrictEqual([
      ['DeleteMessageBatchCommand', 10],
      ['DeleteMessageBatchCommand', 2],
    ]);
    expect(sent[1]?.input).toStrictEqual({
      QueueUrl: URL_OF_QUEUE,
      Entries: [
        { Id: '0', ReceiptHandle: 'h10' },
        { Id: '1', ReceiptHandle: 'h11' },
      ],
    });
  });

  it('is tried again for the entries that failed, three times in all', async () => {
    const failFirst = (_: number, { input }: Sent) => ({ Failed: [{ Id: input.Entries?.[0]?.Id }] });
    const { sent, queue } = aClient(failFirst);
    expect(await queue.delete(deliveries(3))).toBe(1);
    expect(sent.map(({ input }) => input.Entries?.length)).toStrictEqual([3, 1, 1]);
  });

  it('is no call for no message', async () => {
    const { sent, queue } = aClient();
    expect([await queue.delete([]), sent]).toStrictEqual([0, []]);
  });
});

describe('Delaying messages', () => {
  it('tells each its own delay', async () => {
    const { sent, queue } = aClient();
    await queue.delay(deliveries(2).map((delivery, index) => ({ delivery, seconds: 5 + index })));
    expect(sent).toStrictEqual([
      {
        name: 'ChangeMessageVisibilityBatchCommand',
        input: {
          QueueUrl: URL_OF_QUEUE,
          Entries: [
            { Id: '0', ReceiptHandle: 'h0', VisibilityTimeout: 5 },
            { Id: '1', ReceiptHandle: 'h1', VisibilityTimeout: 6 },
          ],
        },
      },
    ]);
  });

  it('may fail, since messages come again anyway', async () => {
    const { queue } = aClient(() => {
      throw new Error('no queue');
    });
    const [delivery] = deliveries(1) as [QueueDelivery];
    await expect(queue.delay([{ delivery, seconds: 5 }])).resolves.toBeUndefined();
  });
});

it.each([
  ['https://sqs.us-east-1.amazonaws.com/123456789012/incoming', 'arn:aws:sqs:us-east-1:123456789012:other'],
  [
    'https://sqs.cn-north-1.amazonaws.com.cn/123456789012/incoming',
    'arn:aws-cn:sqs:cn-north-1:123456789012:other',
  ],
  ['http://127.0.0.1:4566/123456789012/incoming', 'arn:aws:sqs:us-east-1:123456789012:other'],
  ['http://localhost:4566/queue/us-east-1/123456789012/incoming', 'arn:aws:sqs:us-east-1:123456789012:other'],
])('beside %s is the queue %s', (url, arn) => {
  expect(urlOfQueue(arn, url)).toBe(url.replace('incoming', 'other'));
});

it.each([
  [URL_OF_QUEUE, 'arn:aws:sqs:us-east-1:210987654321:incoming'],
  [URL_OF_QUEUE, 'incoming'],
  [URL_OF_QUEUE, 'arn:aws:sqs:us-east-1:123456789012:'],
  ['incoming', 'arn:aws:sqs:us-east-1:123456789012:incoming'],
])('beside %s is no queue %s', (url, arn) => {
  expect(() => urlOfQueue(arn, url)).toThrow(`Queue ${arn} is not one of the account of ${url}.`);
});
