/**
 * Looking into a dead-letter queue, and taking letters out of it one by one. Whatever is taken and neither moved nor deleted
 * comes back by itself, at the latest after ten minutes. What letters mean is not known here.
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

export interface Letter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Why it was refused; `undefined` where SQS gave it up after too many deliveries. */
  readonly reason: string | undefined;
  /** In milliseconds since 1970; of what was given up, when it was sent at first. */
  readonly sentAt: number;
  readonly receiveCount: number;
  /** The name of the queue that gave it up, where SQS tells. */
  readonly sourceQueue: string | undefined;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

/** Attributes that tell of one refusal; the next one has its own. */
const REFUSAL_ATTRIBUTES = ['reason', 'original_message_id'];

const HIDDEN_SECONDS = 600;
const WAIT_SECONDS = 1;
const MAX_RECEIVED = 10;
const AT_ONCE = 10;

export class LetterBox {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  /** Receipt handles of what was taken, by message ID, until it is moved or deleted. */
  readonly #taken = new Map<string, string>();

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  /** About how many letters there are, those that somebody is looking at included. */
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
   * Takes letters, each once and at most `limit`. One that is sent while this goes on, as when a moved letter is refused
   * again, is left for the next time.
   * @param now milliseconds since 1970
   */
  async *take(limit: number, now: number): AsyncGenerator<readonly Letter[]> {
    let count = 0;
    for (let isMore = true; isMore && count < limit; ) {
      const letters = await this.#receive(Math.min(MAX_RECEIVED, limit - count));
      isMore = letters.length > 0;
      const fresh = letters.filter(({ messageId, sentAt }) => !this.#taken.has(messageId) && sentAt <= now);
      for (const { messageId, receiptHandle } of letters) {
        this.#taken.set(messageId, receiptHandle);
      }
      count += fresh.length;
      if (fresh.length > 0) {
        yield fresh;
      }
    }
  }

  /** Sends first and deletes afterwards: a crash in between leaves a letter in both queues, never in none. */
  async move(letter: Letter, queueUrl: string): Promise<void> {
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

  async delete({ messageId, receiptHandle }: Letter): Promise<void> {
    await this.#client.send(
      new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle }),
    );
    this.#taken.delete(messageId);
  }

  /** Lets others see again what was taken and is still there. */
  async returnAll(): Promise<void> {
    await mapConcurrently([...this.#taken.values()], AT_ONCE, async (ReceiptHandle) => {
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: this.#queueUrl,
        ReceiptHandle,
        VisibilityTimeout: 0,
      });
      // Where this fails the letter comes back later, by itself.
      await this.#client.send(command).catch(() => undefined);
    });
    this.#taken.clear();
  }

  async #receive(MaxNumberOfMessages: number): Promise<Letter[]> {
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
}: Message): Letter {
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
