/**
 * Event source mappings from a queue to a function, as Lambda does them: batches with a window, what failed left in the
 * queue until its visibility timeout. Which mappings there are is read from the template elsewhere.
 */

import type { LocalQueue, ReceivedMessage } from '../emulators/queue-and-topic-emulator.ts';
import { REGION } from '../stack/emulated-cloud.ts';
import { failedItems, failureReason } from './invocation-outcome.ts';
import type { Invoke } from './local-function.ts';

export interface SqsMappingDefinition {
  readonly queue: LocalQueue;
  readonly invoke: Invoke;
  readonly batchSize: number;
  /** How long a batch that is not full waits for more, counted from its first message. */
  readonly windowMs: number;
  /** How many batches may be in the function at once. */
  readonly concurrency: number;
  /** Whether the function tells which messages of a batch failed; otherwise it is all or none. */
  readonly reportsItemFailures: boolean;
  readonly onFailure: (failure: SqsBatchFailure) => void;
}

/** Part or all of a batch failed; it comes back after the queue's visibility timeout. */
export interface SqsBatchFailure {
  readonly failedCount: number;
  readonly batchSize: number;
  /** Why, when the invocation failed as a whole. */
  readonly reason: string | undefined;
}

export interface RunningMapping {
  /** Takes nothing more; resolves when what was taken is finished. */
  readonly stop: () => Promise<void>;
}

/** Lambda's limit on the payload of one invocation, less what surrounds the bodies. */
const MAX_BODY_CHARACTERS = 5_000_000;

export function startSqsMapping(definition: SqsMappingDefinition): RunningMapping {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      // Not taken before somebody is free to handle it: meanwhile the queue gathers a larger batch.
      if (running.size >= definition.concurrency) {
        await Promise.race(running);
      }
      const batch = await collectBatch(definition, stopping.signal);
      if (batch.length === 0) {
        continue;
      }
      const handling = handleBatch(definition, batch).finally(() => running.delete(handling));
      running.add(handling);
    }
    await Promise.all(running);
  };
  const finished = loop();
  return {
    stop: async () => {
      stopping.abort();
      await finished;
    },
  };
}

/** Waits for a first message and then, for as long as the window allows, for more. Empty only when aborted. */
export async function collectBatch(
  { queue, batchSize, windowMs }: Pick<SqsMappingDefinition, 'queue' | 'batchSize' | 'windowMs'>,
  signal: AbortSignal,
): Promise<ReceivedMessage[]> {
  if (signal.aborted) {
    return [];
  }
  let batch = queue.receive(batchSize);
  while (batch.length === 0 && !signal.aborted) {
    await queue.waitForMessages(Number.POSITIVE_INFINITY, signal);
    batch = queue.receive(batchSize);
  }
  const windowEnd = Date.now() + windowMs;
  while (batch.length < batchSize && bodyCharacters(batch) < MAX_BODY_CHARACTERS && !signal.aborted) {
    const remainingMs = windowEnd - Date.now();
    if (remainingMs <= 0) {
      break;
    }
    await queue.waitForMessages(remainingMs, signal);
    batch.push(...queue.receive(batchSize - batch.length));
  }
  return batch;
}

async function handleBatch(
  { queue, invoke, reportsItemFailures, onFailure }: SqsMappingDefinition,
  batch: readonly ReceivedMessage[],
): Promise<void> {
  const byId = new Map(batch.map((message) => [message.messageId, message]));
  const result = await invoke(printSqsEvent(batch, queue.arn));
  const failed = failedItems(result, byId, reportsItemFailures);
  queue.delete(batch.filter((message) => !failed.has(message)).map(({ receiptHandle }) => receiptHandle));
  if (failed.size === 0) {
    return;
  }
  onFailure({ failedCount: failed.size, batchSize: batch.length, reason: failureReason(result) });
}

/** The event in JSON, with the fields and spelling of Lambda. */
export function printSqsEvent(messages: readonly ReceivedMessage[], queueArn: string): string {
  return JSON.stringify({
    Records: messages.map((message) => ({
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: `${message.receiveCount}`,
        SentTimestamp: `${message.sentAt}`,
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: `${message.firstReceivedAt}`,
      },
      messageAttributes: Object.fromEntries(
        Object.entries(message.messageAttributes).map(([name, value]) => [
          name,
          {
            stringValue: value.StringValue,
            binaryValue: value.BinaryValue,
            stringListValues: [],
            binaryListValues: [],
            dataType: value.DataType,
          },
        ]),
      ),
      md5OfMessageAttributes: message.md5OfMessageAttributes,
      md5OfBody: message.md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: REGION,
    })),
  });
}

function bodyCharacters(messages: readonly ReceivedMessage[]): number {
  return messages.reduce((sum, { body }) => sum + body.length, 0);
}
