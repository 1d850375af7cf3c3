/**
 * Reads a dead-letter queue, and moves or deletes its messages one by one. Messages that are neither moved nor deleted become
 * visible again, after ten minutes at the latest. What the messages mean is not known here.
 */

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { mapConcurrently } from '../../shell/concurrency.ts';

export interface ReceivedDeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Why it was refused; `undefined` if SQS moved it here after too many deliveries. */
  readonly reason: string | undefined;
  /** In milliseconds since 1970; if SQS moved it here, when it was first sent. */
  readonly sentAt: number;
  readonly receiveCount: number;
  /** The name of the queue that it came from, if SQS says so. */
  readonly sourceQueue: string | undefined;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

/** Attributes about one refusal; the next one adds its own. */
const REFUSAL_ATTRIBUTES = ['reason', 'original_message_id'];

const HIDDEN_SECONDS = 600;
const WAIT_SECONDS = 1;
const MAX_RECEIVED = 10;
const AT_ONCE = 10;

export class DeadLetterReader {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  /** Receipt handles of received messages, by message ID, until they are moved or deleted. */
  readonly #received = new Map<string, string>();

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  /** About how many messages there are, including those that somebody is looking at. */
  async count(): Promise<number> {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.#queueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, text) => sum + Number(text), 0);
  }

  /**
   * Receives messages, each once and at most `limit`. Messages sent after `now` are omitted, such as a moved one that was
   * refused again.
   * @param now milliseconds since 1970
   */
  async *receive(limit: number, now: number): AsyncGenerator<readonly ReceivedDeadLetter[]> {
    let count = 0;
    for (let isMore = true; isMore && count < limit; ) {
      const letters = await this.#receiveSome(Math.min(MAX_RECEIVED, limit - count));
      isMore = letters.length > 0;
      const fresh = letters.filter(
        ({ messageId, sentAt }) => !this.#received.has(messageId) && sentAt <= now,
      );
      for (const { messageId, receiptHandle } of letters) {
        this.#received.set(messageId, receiptHandle);
      }
      count += fresh.length;
      if (fresh.length > 0) {
        yield fresh;
      }
    }
  }

  /** Sends first and deletes afterwards: a crash in between leaves the message in both queues, never in none. */
  async move(letter: ReceivedDeadLetter, queueUrl: string): Promise<void> {
    const kept = Object.entries(letter.attributes).filter(([name]) => !REFUSAL_ATTRIBUTES.includes(name));
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: letter.body,
        MessageAttributes: Object.fromEntries(kept),
      }),
    );
    await this.delete(letter);
  }

  async delete({ messageId, receiptHandle }: ReceivedDeadLetter): Promise<void> {
    await this.#client.send(
      new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle }),
    );
    this.#received.delete(messageId);
  }

  /** Makes visible again what was received and is still there. */
  async returnAll(): Promise<void> {
    await mapConcurrently([...this.#received.values()], AT_ONCE, async (ReceiptHandle) => {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: this.#queueUrl,
        ReceiptHandle,
        VisibilityTimeout: 0,
      });
      // If this fails, the message becomes visible later.
      await this.#client.send(command).catch(() => undefined);
    });
    this.#received.clear();
  }

  async #receiveSome(MaxNumberOfMessages: number): Promise<ReceivedDeadLetter[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#queueUrl,
        MaxNumberOfMessages,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages.map(letterOf);
  }
}

function letterOf({
  MessageId,
  ReceiptHandle,
  Body,
  Attributes = {},
  MessageAttributes = {},
}: Message): ReceivedDeadLetter {
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    reason: MessageAttributes.reason?.StringValue,
    sentAt: Number(Attributes.SentTimestamp ?? 0),
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 0),
    sourceQueue: Attributes.DeadLetterQueueSourceArn?.split(':').at(-1),
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { DataType, ...(StringValue !== undefined && { StringValue }), ...(BinaryValue && { BinaryValue }) },
      ]),
    ),
  };
}
