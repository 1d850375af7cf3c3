/** Everything that a peer may not send, tried from outside: at the listener, and through the peer's queue at process-messages. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MadeNetwork, MadeNode } from '../../examples/network/node-folders.ts';
import { ACCOUNT_ID, REGION } from '../../lib/local/stack/emulated-cloud.ts';
import { StompListener } from '../../lib/peers/listener/stomp-listener.ts';
import { readNodeFolder } from '../../lib/peers/node-folder.ts';
import { type EmulatedStack, startEmulatedStack } from '../support/emulated-stack.ts';
import { functionEnvironment } from '../support/failing-stream.ts';
import { networkOnDisk } from './support/networks.ts';
import { type Agent, REFUSALS } from './support/refusals.ts';
import { credentialsOf, sendHeaders, TestPeer } from './support/test-peer.ts';

describe('At the listener', () => {
  let made: MadeNetwork;
  let listener: StompListener;
  let port: number;
  const stored: string[] = [];

  beforeAll(async () => {
    made = await networkOnDisk();
    const { folder } = made.authority;
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const network = readNodeFolder(folder);
    listener = new StompListener({
      identity: { certificate: read('server.crt'), key: read('server.key') },
      network: () => network,
      store: async (_, bodies) => stored.push(...bodies),
      now: () => BigInt(Date.now()) * 1_000n,
      reports: { count: () => {}, log: () => {} },
    });
    port = await listener.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => listener.close());

  async function answerTo(from: Agent, type: string, body: string): Promise<unknown[]> {
    const node = made.peers[from === 'creditors' ? 0 : 1] as MadeNode;
    const peer = new TestPeer(port, credentialsOf(node, made.authority));
    await peer.hello();
    peer.send('SEND', sendHeaders('1', { type }), body);
    return [await peer.next(), await peer.next()];
  }

  it.each(REFUSALS)('$from may not send $what', async ({ from, type, body, reason }) => {
    expect(await answerTo(from, type, body(Date.now()))).toStrictEqual([
      ['ERROR', { message: reason, 'receipt-id': '1' }, ''],
      undefined,
    ]);
    expect(stored).toStrictEqual([]);
  });

  it('nobody may send more than 8,192 bytes', async () => {
    expect(await answerTo('creditors', 'ConfigureAccount', 'x'.repeat(8_193))).toStrictEqual([
      ['ERROR', { message: 'The body of a frame is too large.' }, ''],
      undefined,
    ]);
    expect(stored).toStrictEqual([]);
  });
});

describe('At process-messages', () => {
  const QUEUES: Readonly<Record<Agent, string>> = {
    creditors: 'Test-peer-11111111-ca-000002-in',
    debtors: 'Test-peer-22222222-da-1234abcd00-in',
  };
  const refusedQueueOf = (from: Agent): string => QUEUES[from].replace(/(-[cd]a-.*)/, '-refused');
  const environment = { ...process.env };
  let stack: EmulatedStack;
  let sqs: SQSClient;
  let handler: typeof import('../../functions/process-messages.ts').handler;

  beforeAll(async () => {
    stack = await startEmulatedStack();
    Object.assign(process.env, functionEnvironment(stack), {
      SOURCE_QUEUE_URL: stack.outputs.IncomingQueueUrl,
      DEAD_LETTER_QUEUE_URL: stack.outputs.DeadLetterQueueUrl,
      AUTHORITY_ID: '1234abcd',
    });
    vi.resetModules();
    sqs = new SQSClient({
      region: REGION,
      endpoint: stack.outputs.Endpoint as string,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    for (const from of ['creditors', 'debtors'] as const) {
      await sqs.send(new CreateQueueCommand({ QueueName: refusedQueueOf(from) }));
    }
    ({ handler } = await import('../../functions/process-messages.ts'));
  });
  afterAll(async () => {
    process.env = environment;
    sqs.destroy();
    await stack.stop();
  });

  const urlOf = (name: string): string => (stack.outputs.IncomingQueueUrl as string).replace(/[^/]*$/, name);

  async function accountCount(): Promise<number> {
    const { Items } = await stack.dynamoDb.call<{ Items: object[] }>('DynamoDB.Scan', {
      TableName: stack.outputs.AccountsTableName,
    });
    return Items.length;
  }

  it.each(REFUSALS)('$from may not send $what', async ({ from, body, reason }) => {
    const text = body(Date.now());
    const record = {
      messageId: 'm',
      receiptHandle: 'r',
      body: text,
      attributes: { ApproximateReceiveCount: '1' },
      eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${QUEUES[from]}`,
    } as SQSRecord;
    const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
    expect(await handler({ Records: [record] }, context, () => {})).toStrictEqual({ batchItemFailures: [] });
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: urlOf(refusedQueueOf(from)),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 600,
      }),
    );
    expect(
      Messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.reason?.StringValue]),
    ).toStrictEqual([[text, reason]]);
    expect([await accountCount(), stack.queues.DeadLetters.count()]).toStrictEqual([0, 0]);
  });
});
