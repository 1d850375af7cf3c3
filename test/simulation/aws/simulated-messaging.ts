/** SQS and SNS as one invocation sees them: batch calls may fail before or after their effect, or in part. */

import type { PublishBatchCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { SECOND } from '../scheduler.ts';
import { serviceUnavailable, timeout } from './aws-errors.ts';
import type { CallFault, Cloud, Invocation } from './invocation.ts';

/** What arrives at a queue. */
export interface SentMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** In microseconds. */
  readonly delay: number;
}

/** What arrives at a topic. */
export interface PublishedMessage {
  readonly topic: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface BatchEntry {
  readonly Id?: string | undefined;
}

const MAX_ENTRIES = 10;
const MAX_SEND_BYTES = 1024 * 1024;
const MAX_PUBLISH_BYTES = 256 * 1024;

export function simulatedSqsClient(
  cloud: Cloud,
  invocation: Invocation,
  arrive: (queueUrl: string, message: SentMessage) => void,
): SQSClient {
  const send = ({ input }: { input: SendMessageBatchCommandInput }): Promise<unknown> => {
    const { QueueUrl = '', Entries = [] } = input;
    checkBatch(Entries, MAX_SEND_BYTES, ({ MessageBody = '' }) => MessageBody);
    return batchCall('SendMessageBatch', cloud, invocation, Entries, (entry) =>
      arrive(QueueUrl, {
        body: entry.MessageBody ?? '',
        attributes: textsOf(entry.MessageAttributes ?? {}),
        delay: (entry.DelaySeconds ?? 0) * SECOND,
      }),
    );
  };
  return { send } as unknown as SQSClient;
}

export function simulatedSnsClient(
  cloud: Cloud,
  invocation: Invocation,
  arrive: (message: PublishedMessage) => void,
): SNSClient {
  const send = ({ input }: { input: PublishBatchCommandInput }): Promise<unknown> => {
    const { TopicArn: topic = '', PublishBatchRequestEntries: entries = [] } = input;
    checkBatch(entries, MAX_PUBLISH_BYTES, ({ Message = '' }) => Message);
    const error = cloud.chaos.topicOutage(cloud.scheduler.now);
    if (error !== undefined) {
      invocation.unretriedFaults += 1;
      return invocation.call('PublishBatch', () => ({}), { kind: 'refused', error });
    }
    return batchCall('PublishBatch', cloud, invocation, entries, (entry) =>
      arrive({ topic, body: entry.Message ?? '', attributes: textsOf(entry.MessageAttributes ?? {}) }),
    );
  };
  return { send } as unknown as SNSClient;
}

function batchCall<E extends BatchEntry>(
  operation: string,
  { chaos }: Cloud,
  invocation: Invocation,
  entries: readonly E[],
  arrive: (entry: E) => void,
): Promise<unknown> {
  const apply = () => {
    const refused = chaos.strikes('messagingFailures') ? entries.filter(() => chaos.random.chance(0.3)) : [];
    invocation.unretriedFaults += refused.length;
    for (const entry of entries.filter((candidate) => !refused.includes(candidate))) {
      arrive(entry);
    }
    return {
      Successful: entries.filter((entry) => !refused.includes(entry)).map(({ Id }) => ({ Id })),
      Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
    };
  };
  const isStruck = chaos.strikes('messagingFailures');
  invocation.unretriedFaults += isStruck ? 1 : 0;
  const fault: CallFault | undefined = isStruck
    ? chaos.random.pick<CallFault>([
        { kind: 'refused', error: serviceUnavailable() },
        { kind: 'answer lost', error: timeout() },
      ])
    : undefined;
  return invocation.call(operation, apply, fault);
}

function checkBatch<E extends BatchEntry>(
  entries: readonly E[],
  maxBytes: number,
  bodyOf: (entry: E) => string,
): void {
  const ids = new Set(entries.map(({ Id }) => Id));
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(bodyOf(entry)), 0);
  if (entries.length === 0 || entries.length > MAX_ENTRIES || ids.size < entries.length || bytes > maxBytes) {
    throw Object.assign(new Error('The batch request is not valid'), { name: 'InvalidBatchRequest' });
  }
}

function textsOf(
  attributes: Readonly<Record<string, { readonly StringValue?: string | undefined }>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );
}
