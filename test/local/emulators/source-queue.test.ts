/** What functions do with their own queue works in the emulator of the local run, beside what the mapping does with it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import {
  type QueueAndTopicEmulator,
  startQueueAndTopicEmulator,
} from '../../../lib/local/emulators/queue-and-topic-emulator.ts';
import { sqsSourceQueue, urlOfQueue } from '../../../lib/shell/source-queue.ts';

async function withEmulator(use: (emulator: QueueAndTopicEmulator, client: SQSClient) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'queues-'));
  const emulator = await startQueueAndTopicEmulator({
    port: 0,
    flag: '--port',
    patienceMs: 0,
    folder,
    onPublished: () => {},
  });
  const { endpoint } = emulator;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  try {
    await use(emulator, client);
  } finally {
    client.destroy();
    await emulator.stop();
    rmSync(folder, { recursive: true });
  }
}

it('takes, deletes and delays messages', () =>
  withEmulator(async (emulator, client) => {
    const queue = emulator.putQueue('incoming', { VisibilityTimeout: '240' });
    expect(urlOfQueue(queue.arn, queue.url)).toBe(queue.url);
    for (let index = 0; index < 12; index += 1) {
      await queue.send(`body ${index}`);
    }
    const source = sqsSourceQueue(client, queue.url);
    const first = await source.receive(50);
    expect(first.map(({ body, receiveCount }) => `${body}, ${receiveCount}`)).toStrictEqual(
      Array.from({ length: 10 }, (_, index) => `body ${index}, 1`),
    );
    expect(queue.receive(100).map(({ body }) => body)).toStrictEqual(['body 10', 'body 11']);
    expect(await source.delete(first.slice(1))).toBe(0);
    expect(queue.count()).toBe(3);
    // At once, so that the test need not wait.
    await source.delay(first.slice(0, 1).map((delivery) => ({ delivery, seconds: 0 })));
    const again = await source.receive(50);
    expect(again.map(({ body, receiveCount }) => `${body}, ${receiveCount}`)).toStrictEqual(['body 0, 2']);
  }));

it('delays messages that the mapping has received', () =>
  withEmulator(async (emulator, client) => {
    const queue = emulator.putQueue('incoming', { VisibilityTimeout: '240' });
    await queue.send('body');
    const [{ messageId, body, receiptHandle, receiveCount }] = queue.receive(1) as [
      ReturnType<typeof queue.receive>[number],
    ];
    const delivery = { messageId, body, receiptHandle, receiveCount };
    await sqsSourceQueue(client, queue.url).delay([{ delivery, seconds: 0 }]);
    expect(queue.receive(1).map((message) => message.receiveCount)).toStrictEqual([2]);
  }));
