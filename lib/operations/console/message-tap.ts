/**
 * Hears of the messages that a stack publishes, through a queue that lives as long as the console: it is subscribed to the
 * three topics, and deleted at the end. Other subscribers get theirs all the same.
 */

import { randomBytes } from 'node:crypto';
import { type SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export interface MessageTap {
  readonly queueUrl: string;
  /** Ends the subscriptions and deletes the queue. */
  readonly close: () => Promise<void>;
}

export interface TapParts {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly topicArns: readonly string[];
  /** Called with the body of each message. */
  readonly onMessage: (body: string) => void;
  /** Called when messages can't be received; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

/** SQS's shortest but one: what nobody sees within minutes is not worth keeping. */
const RETENTION_SECONDS = 300;
/** The longest that SQS waits for messages. */
const WAIT_SECONDS = 20;
const RECEIVERS = 4;
const PAUSE_AFTER_FAILURE_MS = 2_000;

export async function openMessageTap(parts: TapParts): Promise<MessageTap> {
  const { sqs, sns, topicArns } = parts;
  const QueueName = `accounting-console-${randomBytes(6).toString('hex')}`;
  const Attributes = { MessageRetentionPeriod: `${RETENTION_SECONDS}` };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const subscriptionArns: string[] = [];
  const ending = new AbortController();
  let receivers: Promise<unknown> = Promise.resolve();
  const close = async () => {
    ending.abort();
    await receivers;
    for (const SubscriptionArn of subscriptionArns) {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    }
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  };
  try {
    const asked = { QueueUrl, AttributeNames: ['QueueArn' as const] };
    const queueArn = (await sqs.send(new GetQueueAttributesCommand(asked))).Attributes?.QueueArn ?? '';
    const Policy = JSON.stringify(deliveryPolicy(queueArn, topicArns));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    for (const TopicArn of topicArns) {
      const { SubscriptionArn = '' } = await sns.send(
        new SubscribeCommand({
          ...{ TopicArn, Protocol: 'sqs', Endpoint: queueArn, ReturnSubscriptionArn: true },
          Attributes: { RawMessageDelivery: 'true' },
        }),
      );
      subscriptionArns.push(SubscriptionArn);
    }
  } catch (error) {
    await close();
    throw error;
  }
  receivers = Promise.all(Array.from({ length: RECEIVERS }, () => receive(QueueUrl, parts, ending.signal)));
  return { queueUrl: QueueUrl, close };
}

/** Until the signal is aborted. */
async function receive(
  QueueUrl: string,
  { sqs, onMessage, onTrouble }: TapParts,
  abortSignal: AbortSignal,
): Promise<void> {
  const command = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: WAIT_SECONDS };
  while (!abortSignal.aborted) {
    try {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(command), { abortSignal });
      for (const { Body = '' } of Messages) {
        onMessage(Body);
      }
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
      if (Entries.length > 0) {
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }), { abortSignal });
      }
    } catch (error) {
      if (!abortSignal.aborted) {
        onTrouble(error);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
      }
    }
  }
}

/** Lets these topics deliver, and nobody else. */
function deliveryPolicy(queueArn: string, topicArns: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArns } },
      },
    ],
  };
}
