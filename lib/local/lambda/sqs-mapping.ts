/**
 * The event source mapping from a queue to a function, as Lambda does it: in batches with a window. Failed messages stay
 * in the queue until their visibility timeout. The mappings that there are come from event-source-mappings.ts.
 */

import type { LocalQueue, ReceivedMessage } from '../emulators/queue-and-topic-emulator.ts';
import { REGION } from '../stack/emulated-cloud.ts';
import { failedItems, failureReason, wasKilled } from './invocation-outcome.ts';
import type { Invoke } from './local-function.ts';

export interface SqsMappingDefinition {
  readonly queue: LocalQueue;
  readonly invoke: Invoke;
  readonly batchSize: number;
  /** How long an incomplete batch waits for more, from its first message on. */
  readonly windowMs: number;
  /** How many batches the function may handle at once. */
  readonly concurrency: number;
  /** Whether the function reports which messages failed; otherwise all or none did. */
  readonly reportsItemFailures: boolean;
  readonly onFailure: (failure: SqsBatchFailure) => void;
}

/** Messages of a batch failed; they come again after the queue's visibility timeout. */
export interface SqsBatchFailure {
  readonly failedCount: number;
  readonly batchSize: number;
  /** Of an invocation that failed as a whole. */
  readonly reason: string | undefined;
}

export interface RunningMapping {
  /** Takes no more messages; resolves when those that it took are handled. */
  readonly stop: () => Promise<void>;
}

/** Lambda's limit on the payload of an invocation, less room for everything but the bodies. */
const MAX_BODY_CHARACTERS = 5_000_000;

export function startSqsMapping(definition: SqsMappingDefinition): RunningMapping {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const loop = async () => {
    while (!stopping.signal.aborted) {
      // A batch is taken only when it can be handled; meanwhile the queue gathers a larger one.
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

/** Waits for a first message, and then for more until the window ends. Empty only when aborted. */
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
  if (wasKilled(result)) {
    // Nobody who killed a function wants to wait for minutes, as one would on AWS.
    queue.giveBack([...failed].map(({ receiptHandle }) => receiptHandle));
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
