/**
 * The calls of the AWS SDK's `SQS` and `SNS` clients that the library makes. Instances of those classes are meant; the library
 * itself depends on no version of the SDK.
 */

/** What a call of the SDK takes besides its input. */
export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

interface FailedEntry {
  Id: string | undefined;
  Code: string | undefined;
  Message?: string | undefined;
}

interface SuccessfulEntry {
  Id: string | undefined;
  MessageId?: string | undefined;
}

/** What SQS says about the entries of a batch. */
export interface BatchAnswer {
  Failed?: FailedEntry[] | undefined;
  Successful?: SuccessfulEntry[] | undefined;
}

interface MessageAttribute {
  DataType: string | undefined;
  StringValue?: string | undefined;
}

interface ReceivedMessage {
  Body?: string | undefined;
  ReceiptHandle?: string | undefined;
  MessageAttributes?: Record<string, MessageAttribute> | undefined;
}

/** What a running client needs of `SQS` of `@aws-sdk/client-sqs`. */
export interface QueueCalls {
  /** Puts at most ten messages into the queue. */
  sendMessageBatch(
    input: { QueueUrl: string; Entries: { Id: string; MessageBody: string }[] },
    options?: CallOptions,
  ): Promise<BatchAnswer>;
  /** Takes at most ten messages, which come again unless they are deleted. */
  receiveMessage(
    input: {
      QueueUrl: string;
      MaxNumberOfMessages: number;
      WaitTimeSeconds: number;
      MessageAttributeNames?: string[];
    },
    options?: CallOptions,
  ): Promise<{ Messages?: ReceivedMessage[] | undefined }>;
  /** Deletes at most ten messages that were received. */
  deleteMessageBatch(
    input: { QueueUrl: string; Entries: { Id: string; ReceiptHandle: string }[] },
    options?: CallOptions,
  ): Promise<BatchAnswer>;
}

/** What a subscription needs of `SQS` besides. */
export interface QueueAdministration {
  /** Makes the queue, or finds it. */
  createQueue(
    input: { QueueName: string; Attributes: Record<string, string> },
    options?: CallOptions,
  ): Promise<{ QueueUrl?: string | undefined }>;
  /** Reads the queue's ARN. */
  getQueueAttributes(
    input: { QueueUrl: string; AttributeNames: 'QueueArn'[] },
    options?: CallOptions,
  ): Promise<{ Attributes?: Partial<Record<string, string>> | undefined }>;
  /** Sets the queue's policy. */
  setQueueAttributes(
    input: { QueueUrl: string; Attributes: Record<string, string> },
    options?: CallOptions,
  ): Promise<unknown>;
  /** Deletes the queue with all that is in it. */
  deleteQueue(input: { QueueUrl: string }, options?: CallOptions): Promise<unknown>;
}

/** What a subscription needs of `SNS` of `@aws-sdk/client-sns`. */
export interface TopicCalls {
  /** Lets a topic deliver into the queue. */
  subscribe(
    input: {
      TopicArn: string;
      Protocol: string;
      Endpoint: string;
      Attributes: Record<string, string>;
      ReturnSubscriptionArn: boolean;
    },
    options?: CallOptions,
  ): Promise<{ SubscriptionArn?: string | undefined }>;
  /** Ends a subscription. */
  unsubscribe(input: { SubscriptionArn: string }, options?: CallOptions): Promise<unknown>;
}

/** The SDK's options with the signal, where there is one. */
export function withSignal(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { abortSignal: signal };
}
