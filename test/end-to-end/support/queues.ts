/** The few queue operations of the tests. */

import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { createOwnQueue, type OwnQueue } from '../../support/own-queue.ts';
import type { StackUnderTest } from './stack-under-test.ts';

/** A new queue to which the stack's topics may deliver. */
export function createQueue({ sqs, topicArns }: StackUnderTest): Promise<OwnQueue> {
  return createOwnQueue(sqs, 'end-to-end', Object.values(topicArns));
}

const MAX_ENTRIES = 10;

/** Sends the bodies to the stack, ten in a call. @returns the IDs that SQS gave the messages */
export async function sendBodies(stack: StackUnderTest, bodies: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < bodies.length; start += MAX_ENTRIES) {
    const Entries = bodies
      .slice(start, start + MAX_ENTRIES)
      .map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    const { Successful = [], Failed = [] } = await stack.sqs.send(
      new SendMessageBatchCommand({ QueueUrl: stack.incomingQueueUrl, Entries }),
    );
    if (Failed.length > 0) {
      throw new Error(`The queue refused a message: ${Failed[0]?.Message}`);
    }
    ids.push(...Entries.map(({ Id }) => Successful.find((sent) => sent.Id === Id)?.MessageId ?? ''));
  }
  return ids;
}

/** Waits for messages as long as SQS allows. Empty when none came or `signal` was aborted. */
export async function receive(
  { sqs }: StackUnderTest,
  url: string,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: MAX_ENTRIES,
    WaitTimeSeconds: 20,
    MessageAttributeNames: ['All'],
  });
  try {
    return (await sqs.send(command, { abortSignal: signal })).Messages ?? [];
  } catch (error) {
    if (signal.aborted) {
      return [];
    }
    throw error;
  }
}

export async function deleteMessages(
  { sqs }: StackUnderTest,
  url: string,
  messages: readonly Message[],
): Promise<void> {
  if (messages.length === 0) {
    return;
  }
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
}

/** String attributes of a received message. */
export function attributesOf({ MessageAttributes = {} }: Message): Record<string, string> {
  return Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { DataType, StringValue = '' }]) => [
      name,
      DataType === 'String' ? StringValue : `${DataType}: ${StringValue}`,
    ]),
  );
}
