/** The function process-messages with the queues of peers: what it takes beyond its event belongs to the peer of that event. */

import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../lib/local/stack/emulated-cloud.ts';
import { type EmulatedStack, startEmulatedStack } from '../support/emulated-stack.ts';
import { functionEnvironment } from '../support/failing-stream.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;
/** Two creditors agents, each with its creditor. */
const FIRST = { stem: 'Test-peer-11111111', range: '000002', creditor: '2199023255553' };
const SECOND = { stem: 'Test-peer-22222222', range: '000003', creditor: '3298534883329' };
type Agent = typeof FIRST;

let stack: EmulatedStack;
let environment: NodeJS.ProcessEnv;
let sqs: SQSClient;

beforeEach(async () => {
  environment = { ...process.env };
  stack = await startEmulatedStack();
  Object.assign(process.env, functionEnvironment(stack), {
    SOURCE_QUEUE_URL: stack.outputs.IncomingQueueUrl,
    DEAD_LETTER_QUEUE_URL: stack.outputs.DeadLetterQueueUrl,
    AUTHORITY_ID: '1234abcd',
  });
  // Handlers read their environment when they are loaded.
  vi.resetModules();
  sqs = new SQSClient({
    region: REGION,
    endpoint: stack.outputs.Endpoint as string,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterEach(async () => {
  process.env = environment;
  sqs.destroy();
  await stack.stop();
});

const nameOf = ({ stem, range }: Agent): string => `${stem}-ca-${range}-in`;
const urlOf = (name: string): string => (stack.outputs.IncomingQueueUrl as string).replace(/[^/]*$/, name);

async function makeQueues(agent: Agent): Promise<void> {
  for (const QueueName of [nameOf(agent), `${agent.stem}-refused`]) {
    await sqs.send(new CreateQueueCommand({ QueueName }));
  }
}

function configureAccount(creditor: string): string {
  const ts = new Date().toISOString();
  const rest = `"negligible_amount":0,"config_flags":0,"config_data":"","ts":"${ts}","seqnum":0`;
  return `{"type":"ConfigureAccount","debtor_id":1311862288428302337,"creditor_id":${creditor},${rest}}`;
}

/** Puts ten messages into the queue of an agent. */
async function put(agent: Agent, bodies: readonly string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf(nameOf(agent)), Entries }));
}

/** A full event, as the mapping of an agent's queue makes it. */
async function fullEvent(agent: Agent): Promise<SQSRecord[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: urlOf(nameOf(agent)), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(
    ({ MessageId, ReceiptHandle, Body }) =>
      ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes: { ApproximateReceiveCount: '1' },
        eventSourceARN: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${nameOf(agent)}`,
      }) as SQSRecord,
  );
}

/** How many messages wait, and how many are taken but not deleted. */
async function countsOf(name: string): Promise<readonly [number, number]> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
  return [Number(ApproximateNumberOfMessages), Number(ApproximateNumberOfMessagesNotVisible)];
}

const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

it('What the function takes from the queue of a peer is admitted as that peer, and no queue of another is touched', async () => {
  await makeQueues(FIRST);
  await makeQueues(SECOND);
  const [own, foreign] = [FIRST, SECOND].map(({ creditor }) => configureAccount(creditor));
  await put(FIRST, times(10, own as string));
  const Records = await fullEvent(FIRST);
  await put(FIRST, [...times(3, own as string), ...times(4, foreign as string)]);
  await put(SECOND, times(5, foreign as string));

  const { handler } = await import('../../functions/process-messages.ts');
  expect(await handler({ Records }, CONTEXT, () => {})).toStrictEqual({ batchItemFailures: [] });

  // The event's own messages are deleted by Lambda, and those that were taken by the function.
  expect(await countsOf(nameOf(FIRST))).toStrictEqual([0, 10]);
  expect(await countsOf(nameOf(SECOND))).toStrictEqual([5, 0]);
  expect(await countsOf(`${FIRST.stem}-refused`)).toStrictEqual([4, 0]);
  expect(await countsOf(`${SECOND.stem}-refused`)).toStrictEqual([0, 0]);
  expect(stack.queues.DeadLetters.count()).toBe(0);
  const { Items } = await stack.dynamoDb.call<{ Items: object[] }>('DynamoDB.Scan', {
    TableName: stack.outputs.AccountsTableName,
  });
  const text = JSON.stringify(Items);
  expect([FIRST, SECOND].map(({ creditor }) => text.includes(creditor))).toStrictEqual([true, false]);
});
