import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PublishBatchCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortTakenError } from '../../../lib/local/emulators/ports.ts';
import {
  type PublishedMessage,
  type QueueAndTopicEmulator,
  startQueueAndTopicEmulator,
} from '../../../lib/local/emulators/queue-and-topic-emulator.ts';
import { eventually } from '../../support/eventually.ts';

let folder: string;
const running: QueueAndTopicEmulator[] = [];
const published: PublishedMessage[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'queues-'));
  published.length = 0;
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.stop()));
  rmSync(folder, { recursive: true });
});

async function start(port = 0): Promise<QueueAndTopicEmulator> {
  const emulator = await startQueueAndTopicEmulator({
    port,
    flag: '--port',
    patienceMs: 0,
    folder,
    onPublished: (message) => void published.push(message),
  });
  running.push(emulator);
  return emulator;
}

async function restart(emulator: QueueAndTopicEmulator): Promise<QueueAndTopicEmulator> {
  running.splice(running.indexOf(emulator), 1);
  await emulator.stop();
  return start();
}

function clientOf({ endpoint }: QueueAndTopicEmulator) {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
}

const never = new AbortController().signal;

describe('SQS and SNS of the local run', () => {
  it('can be reached on loopback alone', async () => {
    const { endpoint } = await start();
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    // A server that listens on all addresses also answers at this one.
    const elsewhere = connect(Number(new URL(endpoint).port), '127.0.0.2');
    await expect(once(elsewhere, 'connect')).rejects.toThrow();
    elsewhere.destroy();
  });

  it('name queues by the address that clients use', async () => {
    const emulator = await start();
    const sqs = new SQSClient(clientOf(emulator));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'mine' }));
    expect(QueueUrl).toBe(`${emulator.endpoint}/000000000000/mine`);
  });

  it('keep messages and topics across restarts, under the address of the new port', async () => {
    const first = await start();
    first.putQueue('in', {});
    first.putTopic('news');
    const sqs = new SQSClient(clientOf(first));
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: `${first.endpoint}/000000000000/in`,
        MessageBody: 'kept',
        MessageAttributes: { reason: { DataType: 'String', StringValue: 'none' } },
      }),
    );
    await new SNSClient(clientOf(first)).send(
      new SubscribeCommand({
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:news',
        Protocol: 'sqs',
        Endpoint: 'arn:aws:sqs:us-east-1:000000000000:in',
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    const second = await restart(first);
    const again = new SQSClient(clientOf(second));
    const { QueueUrl } = await again.send(new GetQueueUrlCommand({ QueueName: 'in' }));
    expect(QueueUrl).toBe(`${second.endpoint}/000000000000/in`);
    await new SNSClient(clientOf(second)).send(
      new PublishBatchCommand({
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:news',
        PublishBatchRequestEntries: [{ Id: 'a', Message: 'new' }],
      }),
    );
    const { Messages = [] } = await again.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    expect(Messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes])).toStrictEqual([
      ['kept', { reason: { DataType: 'String', StringValue: 'none' } }],
      ['new', undefined],
    ]);
  });

  it('keep a message that was taken, but not deleted, invisible across restarts', async () => {
    const first = await start();
    const queue = first.putQueue('in', { VisibilityTimeout: '3600' });
    await queue.send('taken');
    await queue.send('deleted');
    const [taken, deleted] = queue.receive(10);
    queue.delete([deleted?.receiptHandle ?? '']);
    const second = await restart(first);
    const again = second.putQueue('in', { VisibilityTimeout: '3600' });
    expect(again.receive(10)).toStrictEqual([]);
    again.returnAllTaken();
    expect(again.receive(10).map(({ messageId, receiveCount }) => [messageId, receiveCount])).toStrictEqual([
      [taken?.messageId, 2],
    ]);
  });

  it('make a message visible again at a client’s wish', async () => {
    const emulator = await start();
    const queue = emulator.putQueue('in', { VisibilityTimeout: '3600' });
    await queue.send('again');
    const [message] = queue.receive(1);
    const sqs = new SQSClient({ ...clientOf(emulator), maxAttempts: 1 });
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue.url,
        ReceiptHandle: message?.receiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    expect(queue.receive(1).map(({ body }) => body)).toStrictEqual(['again']);
  });

  it('move a message to the dead-letter queue once it was received too often', async () => {
    const emulator = await start();
    const dead = emulator.putQueue('dead', {});
    const queue = emulator.putQueue('in', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    });
    await queue.send('poison');
    expect(queue.receive(1).length).toBe(1);
    expect(queue.receive(1).length).toBe(1);
    expect(queue.receive(1)).toStrictEqual([]);
    expect(dead.receive(1).map(({ body }) => body)).toStrictEqual(['poison']);
  });

  it('give a queue the attributes that are declared now, and defaults for those that no longer are', async () => {
    const first = await start();
    first.putQueue('in', { DelaySeconds: '900', VisibilityTimeout: '7' });
    const second = await restart(first);
    const queue = second.putQueue('in', { VisibilityTimeout: '0' });
    await queue.send('prompt');
    expect(queue.receive(1).length).toBe(1);
    expect(queue.receive(1).length).toBe(1);
  });

  it('hold back a delayed message', async () => {
    const emulator = await start();
    const queue = emulator.putQueue('in', {});
    const sqs = new SQSClient(clientOf(emulator));
    const sentAt = Date.now();
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'later', DelaySeconds: 1 }));
    expect(queue.receive(1)).toStrictEqual([]);
    await queue.waitForMessages(20_000, never);
    expect(queue.receive(1).map(({ body }) => body)).toStrictEqual(['later']);
    expect(Date.now() - sentAt).toBeGreaterThanOrEqual(1000);
  });

  it('refuse messages that are larger than the queue takes', async () => {
    const emulator = await start();
    const queue = emulator.putQueue('in', { MaximumMessageSize: '1024' });
    const sqs = new SQSClient(clientOf(emulator));
    const { Failed, Successful } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: [
          { Id: 'large', MessageBody: 'x'.repeat(1025) },
          { Id: 'small', MessageBody: 'x'.repeat(1024) },
        ],
      }),
    );
    expect([Failed?.map(({ Id }) => Id), Successful?.map(({ Id }) => Id)]).toStrictEqual([
      ['large'],
      ['small'],
    ]);
  });

  it.each([
    ['take an emoji', 'a😀b', ['a😀b']],
    ['refuse what XML can not carry', 'a\u0000b', []],
  ])('%s', async (_case, MessageBody, expected) => {
    const emulator = await start();
    const queue = emulator.putQueue('in', {});
    const sqs = new SQSClient(clientOf(emulator));
    const Entries = [{ Id: 'a', MessageBody }];
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    expect(queue.receive(1).map(({ body }) => body)).toStrictEqual(expected);
  });

  it('wake a receiver when a message arrives', async () => {
    const emulator = await start();
    const queue = emulator.putQueue('in', {});
    const waiting = queue.waitForMessages(Number.POSITIVE_INFINITY, never).then(() => queue.receive(1));
    await queue.send('hello');
    expect((await waiting).map(({ body }) => body)).toStrictEqual(['hello']);
  });

  it('tell of each message that is published', async () => {
    const emulator = await start();
    emulator.putTopic('news');
    await new SNSClient(clientOf(emulator)).send(
      new PublishBatchCommand({
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:news',
        PublishBatchRequestEntries: [
          {
            Id: 'a',
            Message: '{"n":1}',
            MessageAttributes: { type: { DataType: 'String', StringValue: 'A' } },
          },
          { Id: 'b', Message: 'two' },
        ],
      }),
    );
    await eventually(() =>
      expect(published).toStrictEqual([
        {
          topicArn: 'arn:aws:sns:us-east-1:000000000000:news',
          topicName: 'news',
          body: '{"n":1}',
          attributes: { type: { DataType: 'String', StringValue: 'A' } },
        },
        {
          topicArn: 'arn:aws:sns:us-east-1:000000000000:news',
          topicName: 'news',
          body: 'two',
          attributes: {},
        },
      ]),
    );
  });

  it('say which port is taken, and by which flag to choose another', async () => {
    const somebody = createServer();
    const port = await new Promise<number>((resolve) => {
      somebody.listen(0, '127.0.0.1', () => resolve((somebody.address() as { port: number }).port));
    });
    await expect(start(port)).rejects.toThrow(new PortTakenError(port, '--port'));
    somebody.close();
  });
});
