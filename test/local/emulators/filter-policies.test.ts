/** Filter policies of subscriptions in the local run, where SNS distinguishes strings from numbers. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type LocalQueue,
  type QueueAndTopicEmulator,
  startQueueAndTopicEmulator,
} from '../../../lib/local/emulators/queue-and-topic-emulator.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:news';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:in';

let folder: string;
let emulator: QueueAndTopicEmulator;
let queue: LocalQueue;
let sns: SNSClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'filters-'));
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  emulator = await startQueueAndTopicEmulator({
    port: 0,
    flag: '--port',
    patienceMs: 0,
    folder,
    onPublished: () => {},
  });
  queue = emulator.putQueue('in', {});
  emulator.putTopic('news');
  sns = new SNSClient({
    endpoint: emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
}

async function stop(): Promise<void> {
  sns.destroy();
  await emulator.stop();
}

/** @returns the subscription's ARN */
async function subscribe(policy: object, scope = 'MessageAttributes'): Promise<string | undefined> {
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: TOPIC,
      Protocol: 'sqs',
      Endpoint: QUEUE,
      Attributes: { FilterPolicy: JSON.stringify(policy), FilterPolicyScope: scope },
      ReturnSubscriptionArn: true,
    }),
  );
  return SubscriptionArn;
}

/** Whether a message of debtor 5, as the authority publishes it, reaches the queue. */
async function isDelivered(): Promise<boolean> {
  await sns.send(
    new PublishCommand({
      TopicArn: TOPIC,
      Message: '{"debtor_id": 5}',
      MessageAttributes: { debtor_id: { DataType: 'String', StringValue: '5' } },
    }),
  );
  const messages = queue.receive(10);
  queue.delete(messages.map(({ receiptHandle }) => receiptHandle));
  return messages.length > 0;
}

describe('A filter policy about a string attribute', () => {
  it.each([
    ['a number', { debtor_id: [5] }, false],
    ['a range', { debtor_id: [{ numeric: ['>=', 0, '<', 10] }] }, false],
    ['a number or something else', { debtor_id: [5, { prefix: '5' }] }, true],
    [
      'a number in one of several groups',
      { $or: [{ debtor_id: [5] }, { debtor_id: [{ numeric: ['=', 5] }] }] },
      false,
    ],
    ['anything but a number', { debtor_id: [{ 'anything-but': 5 }] }, true],
    ['anything but some numbers', { debtor_id: [{ 'anything-but': [5, 6] }] }, true],
    ['anything but some strings', { debtor_id: [{ 'anything-but': ['5', '6'] }] }, false],
    ['the string', { debtor_id: ['5'] }, true],
    ['another string', { debtor_id: ['6'] }, false],
  ])('that asks for %s', async (_, policy, expected) => {
    await subscribe(policy);
    expect(await isDelivered()).toBe(expected);
  });

  it('is as strict after a restart', async () => {
    await subscribe({ debtor_id: [5] });
    await stop();
    await start();
    expect(await isDelivered()).toBe(false);
  });

  it('can be replaced', async () => {
    const SubscriptionArn = await subscribe({ debtor_id: [5] });
    const before = await isDelivered();
    const attribute = { AttributeName: 'FilterPolicy', AttributeValue: '{"debtor_id": ["5"]}' };
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, ...attribute }));
    expect([before, await isDelivered()]).toStrictEqual([false, true]);
  });
});

describe('A filter policy about the body', () => {
  it('compares its numbers', async () => {
    await subscribe({ debtor_id: [{ numeric: ['=', 5] }] }, 'MessageBody');
    expect(await isDelivered()).toBe(true);
  });
});
