/** A client of a stack, local or deployed: sends to its queue, and receives what its topics publish about some debtors. */

import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { inSlices, mapConcurrently } from '../../lib/shell/concurrency.ts';
import { createOwnQueue } from '../support/own-queue.ts';
import { QUIET } from './quiet-logger.ts';
import type { StackOutputs } from './stack-outputs.ts';

/** SQS accepts and returns at most so many messages in one call. */
const MAX_ENTRIES = 10;
const CALLS_AT_ONCE = 8;
const RECEIVERS = 4;

export interface StackClient {
  readonly send: (bodies: readonly string[]) => Promise<void>;
  readonly countDeadLetters: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** @param debtorPrefix the first digits, sign included, of the debtor IDs whose messages are received */
export async function connect(
  outputs: StackOutputs,
  debtorPrefix: string,
  onMessage: (body: string) => void,
): Promise<StackClient> {
  const clients = {
    // The answers check what was sent, so the SDK need not check digests.
    sqs: new SQSClient({ ...outputs.messaging, logger: QUIET, md5: false, cacheMiddleware: true }),
    sns: new SNSClient(outputs.messaging),
  };
  const inbox = await openInbox(clients, outputs, debtorPrefix, onMessage);
  const { sqs } = clients;
  return {
    send: (bodies) => send(sqs, outputs.incomingQueueUrl, bodies),
    countDeadLetters: () => countMessages(sqs, outputs.deadLetterQueueUrl),
    close: async () => {
      await inbox.close();
      sqs.destroy();
      clients.sns.destroy();
    },
  };
}

async function send(sqs: SQSClient, QueueUrl: string, bodies: readonly string[]): Promise<void> {
  await mapConcurrently(inSlices(bodies, MAX_ENTRIES), CALLS_AT_ONCE, async (slice) => {
    const Entries = slice.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) {
      throw new Error(`The queue refused a message: ${Failed[0]?.Message}`);
    }
  });
}

async function countMessages(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes.ApproximateNumberOfMessages ?? 0);
}

/** Creates a queue, subscribes it to all topics, and receives until closed. */
async function openInbox(
  { sqs, sns }: { readonly sqs: SQSClient; readonly sns: SNSClient },
  outputs: StackOutputs,
  debtorPrefix: string,
  onMessage: (body: string) => void,
): Promise<{ readonly close: () => Promise<void> }> {
  const { url, arn } = await createOwnQueue(sqs, 'bench', outputs.topicArns);
  const subscriptions = await Promise.all(
    outputs.topicArns.map((TopicArn) =>
      sns.send(
        new SubscribeCommand({
          TopicArn,
          Protocol: 'sqs',
          Endpoint: arn,
          Attributes: {
            RawMessageDelivery: 'true',
            FilterPolicy: JSON.stringify({ debtor_id: [{ prefix: debtorPrefix }] }),
          },
          ReturnSubscriptionArn: true,
        }),
      ),
    ),
  );
  const closing = new AbortController();
  const receivers = Array.from({ length: RECEIVERS }, () => receive(sqs, url, onMessage, closing.signal));
  return {
    close: async () => {
      closing.abort();
      await Promise.all(receivers);
      for (const { SubscriptionArn } of subscriptions) {
        await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      }
      await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    },
  };
}

async function receive(
  sqs: SQSClient,
  QueueUrl: string,
  onMessage: (body: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const command = { QueueUrl, MaxNumberOfMessages: MAX_ENTRIES, WaitTimeSeconds: 20 };
  while (!signal.aborted) {
    const { Messages = [] } = await sqs
      .send(new ReceiveMessageCommand(command), { abortSignal: signal })
      .catch((error): Pick<ReceiveMessageCommandOutput, 'Messages'> => {
        if (!signal.aborted) {
          throw error;
        }
        return {};
      });
    for (const { Body = '' } of Messages) {
      onMessage(Body);
    }
    if (Messages.length === 0) {
      continue;
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
