/** A client that does not mind when the local run goes away for a while: it asks again until it is answered. */

import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { parseWire, printWire, type WireMessage } from '../../support/wire-json.ts';

export interface SteadfastClient {
  readonly send: (messages: readonly WireMessage[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param onMessage called with each delivery, of which there may be several of one message */
export async function connect(
  outputs: Readonly<Record<string, string>>,
  onMessage: (message: WireMessage, body: string) => void,
): Promise<SteadfastClient> {
  const place = {
    endpoint: outputs.Endpoint ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  const sqs = new SQSClient(place);
  const queueUrl = await subscribe(sqs, new SNSClient(place), outputs);
  const closing = new AbortController();
  const received = receiveAll(sqs, queueUrl, closing.signal, (body) => onMessage(parseWire(body), body));
  return {
    send: async (messages) => {
      for (let start = 0; start < messages.length; start += 10) {
        const Entries = messages
          .slice(start, start + 10)
          .map((message, index) => ({ Id: `${index}`, MessageBody: printWire(message) }));
        const command = new SendMessageBatchCommand({ QueueUrl: outputs.IncomingQueueUrl, Entries });
        await persistently(() => sqs.send(command), closing.signal);
      }
    },
    close: async () => {
      closing.abort();
      await received;
      sqs.destroy();
    },
  };
}

async function subscribe(
  sqs: SQSClient,
  sns: SNSClient,
  outputs: Readonly<Record<string, string>>,
): Promise<string> {
  // What was received when the local run was killed, and not deleted, must soon come again.
  const Attributes = { VisibilityTimeout: '2' };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'client', Attributes }));
  const queue = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  for (const name of ['ToCreditorsTopicArn', 'ToDebtorsTopicArn', 'ToCoordinatorsTopicArn']) {
    const command = new SubscribeCommand({
      TopicArn: outputs[name],
      Protocol: 'sqs',
      Endpoint: queue.Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    });
    await sns.send(command);
  }
  return QueueUrl;
}

async function receiveAll(
  sqs: SQSClient,
  QueueUrl: string,
  signal: AbortSignal,
  onBody: (body: string) => void,
): Promise<void> {
  const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 };
  while (!signal.aborted) {
    const output = await persistently(
      () => sqs.send(new ReceiveMessageCommand(request), { abortSignal: signal }),
      signal,
    );
    const messages = output?.Messages ?? [];
    for (const { Body = '' } of messages) {
      onBody(Body);
    }
    if (messages.length === 0) {
      continue;
    }
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    // If this is not done, the messages come again, which they may.
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })).catch(() => undefined);
  }
}

/** How often a local run that is away is asked. */
const PAUSE_MS = 50;

/** The answer, however often it takes to ask; `undefined` when `signal` is aborted. */
async function persistently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  return undefined;
}
