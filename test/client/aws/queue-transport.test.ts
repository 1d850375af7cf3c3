/** Messages through real queues and topics of the emulator: filtered, in batches, and kept until they are acknowledged. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  creditor,
  type QueueCalls,
  queueTransport,
  type Role,
  subscribe,
} from '../../../lib/client/client.ts';
import {
  configureAccount,
  type OutgoingMessage,
  parseMessage,
  printMessage,
  routeOf,
} from '../../../lib/client/messages.ts';
import {
  type QueueAndTopicEmulator,
  startQueueAndTopicEmulator,
} from '../../../lib/local/emulators/queue-and-topic-emulator.ts';
import { anAccountUpdate, aPreparedTransfer } from '../support/answers.ts';

const ALICE = 1_099_511_627_777n;
const NEVER = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), 'client-queues-'));
let emulator: QueueAndTopicEmulator;
let sqs: SQS;
let sns: SNS;
let topicArns: Record<'to_creditors' | 'to_debtors' | 'to_coordinators', string>;
let incomingQueueUrl: string;

beforeAll(async () => {
  emulator = await startQueueAndTopicEmulator({
    port: 0,
    flag: '--port',
    patienceMs: 0,
    folder,
    onPublished: () => {},
  });
  const where = {
    region: 'us-east-1',
    endpoint: emulator.endpoint,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  sqs = new SQS(where);
  sns = new SNS(where);
  const arnOf = async (Name: string) => (await sns.createTopic({ Name })).TopicArn ?? '';
  topicArns = {
    to_creditors: await arnOf('to_creditors'),
    to_debtors: await arnOf('to_debtors'),
    to_coordinators: await arnOf('to_coordinators'),
  };
  incomingQueueUrl = (await sqs.createQueue({ QueueName: 'incoming' })).QueueUrl ?? '';
});

afterAll(async () => {
  sqs.destroy();
  sns.destroy();
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

async function publish(message: OutgoingMessage): Promise<void> {
  const { topic, attributes } = routeOf(message);
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  await sns.publish({ TopicArn: topicArns[topic], Message: printMessage(message), MessageAttributes });
}

async function connect(role: Role) {
  const subscription = await subscribe({ sqs, sns, topicArns, role });
  const transport = queueTransport({ sqs, incomingQueueUrl, queueUrl: subscription.queueUrl });
  return { subscription, transport };
}

describe('the way through queues', () => {
  it('brings what is for the role and nothing else, until it is acknowledged', async () => {
    const { subscription, transport } = await connect(creditor(ALICE));
    const own = [anAccountUpdate(), aPreparedTransfer()];
    await publish(anAccountUpdate({ creditorId: ALICE + 1n }));
    await publish(aPreparedTransfer({ coordinatorId: ALICE + 1n }));
    await publish(aPreparedTransfer({ coordinatorType: 'agent' }));
    await publish(anAccountUpdate({ creditorId: 0n }));
    for (const message of own) {
      await publish(message);
    }
    const received: unknown[] = [];
    while (received.length < own.length) {
      const deliveries = await transport.receive(NEVER);
      received.push(...deliveries.map(({ body }) => parseMessage(body)));
      await transport.acknowledge(deliveries);
    }
    expect(received).toHaveLength(2);
    expect(received).toEqual(expect.arrayContaining(own));
    const { Attributes } = await sqs.getQueueAttributes({
      QueueUrl: subscription.queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  it('is the same when it is made again, and gone when it is removed', async () => {
    const first = await connect(creditor(ALICE + 5n));
    const again = await connect(creditor(ALICE + 5n));
    expect(again.subscription.queueUrl).toBe(first.subscription.queueUrl);
    expect(again.subscription.subscriptionArns).toStrictEqual(first.subscription.subscriptionArns);
    await again.subscription.remove();
    await expect(first.transport.receive(NEVER)).rejects.toThrow();
    expect((await sns.listSubscriptions({})).Subscriptions?.map(({ Endpoint }) => Endpoint)).not.toContain(
      first.subscription.queueArn,
    );
  });

  it('sends any number of messages, ten in a call', async () => {
    let callCount = 0;
    const counting = {
      sendMessageBatch: (input: Parameters<QueueCalls['sendMessageBatch']>[0]) => {
        callCount += 1;
        return sqs.sendMessageBatch(input);
      },
      receiveMessage: sqs.receiveMessage.bind(sqs),
      deleteMessageBatch: sqs.deleteMessageBatch.bind(sqs),
    };
    const transport = queueTransport({ sqs: counting, incomingQueueUrl, queueUrl: incomingQueueUrl });
    const messages = Array.from({ length: 25 }, (_, index) =>
      configureAccount({ debtorId: 1n, creditorId: ALICE + BigInt(index), ts: 1n }),
    );
    await Promise.all(messages.map((message) => transport.send([message])));
    expect(callCount).toBe(3);
    const creditors = new Set<bigint>();
    while (creditors.size < 25) {
      const deliveries = await transport.receive(NEVER);
      for (const { body } of deliveries) {
        creditors.add(parseMessage(body).creditorId);
      }
      await transport.acknowledge(deliveries);
    }
    expect(creditors.size).toBe(25);
  });

  it('says which message was not taken', async () => {
    const refusing = {
      sendMessageBatch: async () => ({
        Failed: [{ Id: '1', Code: 'InternalError', Message: 'try again', SenderFault: false }],
      }),
      receiveMessage: sqs.receiveMessage.bind(sqs),
      deleteMessageBatch: sqs.deleteMessageBatch.bind(sqs),
    };
    const transport = queueTransport({ sqs: refusing, incomingQueueUrl, queueUrl: incomingQueueUrl });
    const message = configureAccount({ debtorId: 1n, creditorId: ALICE, ts: 1n });
    const results = await Promise.allSettled([transport.send([message]), transport.send([message])]);
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { name: 'QueueError', message: 'InternalError: try again' } },
    ]);
  });

  it('ends waiting when the signal is aborted', async () => {
    const { transport } = await connect(creditor(ALICE + 9n));
    const stop = new AbortController();
    const waiting = transport.receive(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow();
  });
});
