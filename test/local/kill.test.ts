import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from '../../lib/local/emulators/ports.ts';
import { eventually } from '../support/eventually.ts';
import { STACK_NAME } from './fixtures/stack.ts';

const RUN_STACK = join(import.meta.dirname, 'fixtures', 'run-stack.ts');
const TIMEOUT_MS = 180_000;
const KILL_COUNT = 6;
const BATCH_COUNT = 60;

let dir: string;
let ports: string[];
let child: ChildProcess;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kill-'));
  ports = [`${await findFreePort()}`, `${await findFreePort()}`];
});

afterEach(async () => {
  await kill();
  rmSync(dir, { recursive: true, maxRetries: 10 });
});

async function start(): Promise<void> {
  child = spawn(process.execPath, [RUN_STACK, dir, ...ports], { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  child.stderr?.on('data', (chunk) => {
    words += chunk;
  });
  const outcome = await Promise.race([
    once(child.stdout as NodeJS.EventEmitter, 'data'),
    once(child, 'exit'),
  ]);
  expect([`${outcome[0]}`, words]).toStrictEqual(['ready\n', '']);
}

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function readOutputs(): Record<string, string> {
  return JSON.parse(readFileSync(join(dir, 'outputs.json'), 'utf8'))[STACK_NAME];
}

/** A client that retries without limit, as a client of a server that may be killed must. */
function patient() {
  return {
    endpoint: `http://127.0.0.1:${ports[0]}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1000,
    retryStrategy: {
      acquireInitialRetryToken: async () => token,
      refreshRetryTokenForRetry: async () => token,
      recordSuccess: () => {},
    },
  };
}

const token = { getRetryCount: () => 0, getRetryDelay: () => 50 };

async function storedIds(): Promise<string[]> {
  const client = new DynamoDBClient({ ...patient(), endpoint: `http://127.0.0.1:${ports[1]}` });
  const ids: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: readOutputs().TableName })) {
    ids.push(...Items.map(({ id }) => id?.S ?? ''));
  }
  return ids.toSorted();
}

async function receiveAll(sqs: SQSClient, QueueUrl: string, received: Set<string>): Promise<void> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  );
  if (Messages.length === 0) {
    return;
  }
  for (const { Body } of Messages) {
    received.add(JSON.parse(Body ?? '').id);
  }
  const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  await receiveAll(sqs, QueueUrl, received);
}

describe('A local run that is killed at any moment', { timeout: TIMEOUT_MS }, () => {
  it('has lost nothing that was accepted when it is started again', async () => {
    await start();
    const { InUrl, NewsArn } = readOutputs();
    const sqs = new SQSClient(patient());
    const { QueueUrl = '' } = await sqs.send(
      // An answer that was under way when the server was killed may be lost.
      new CreateQueueCommand({ QueueName: 'reader', Attributes: { VisibilityTimeout: '1' } }),
    );
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:reader';
    const Attributes = { RawMessageDelivery: 'true' };
    await new SNSClient(patient()).send(
      new SubscribeCommand({ TopicArn: NewsArn, Protocol: 'sqs', Endpoint, Attributes }),
    );
    const ids = Array.from({ length: BATCH_COUNT * 10 }, (_, index) => `${index + 1000}`);
    const sending = (async () => {
      for (let i = 0; i < ids.length; i += 10) {
        const Entries = ids
          .slice(i, i + 10)
          .map((id) => ({ Id: id, MessageBody: JSON.stringify({ id, kind: 'loud' }) }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl: InUrl, Entries }));
      }
    })();
    const received = new Set<string>();
    for (let kills = 0; kills < KILL_COUNT; kills++) {
      // The kill happens at this point of the work, whatever is done there.
      const enough = received.size + 20;
      await eventually(async () => {
        await receiveAll(sqs, QueueUrl, received);
        expect(received.size).toBeGreaterThanOrEqual(Math.min(enough, ids.length - 1));
      });
      await kill();
      await start();
    }
    await sending;
    await eventually(async () => {
      await receiveAll(sqs, QueueUrl, received);
      expect(received.size).toBe(ids.length);
    });
    expect([...received].toSorted()).toStrictEqual(ids);
    expect(await storedIds()).toStrictEqual(ids);
  });

  it('takes its emulator down with it', async () => {
    await start();
    const { DynamoDbEndpoint = '' } = readOutputs();
    await kill();
    await eventually(() => expect(fetch(DynamoDbEndpoint)).rejects.toThrow('fetch failed'));
  });
});
