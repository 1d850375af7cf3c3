/** The queue through which a sweep continues itself. */

import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inSlices, mapConcurrently } from './concurrency.ts';
import type { SweepQueue, SweepTask } from './sweep.ts';

const MAX_ENTRIES = 10;
const CALLS_AT_ONCE = 8;
/** A task that is not sent is a segment that is not swept, so what SQS refused for a moment is worth another try. */
const MAX_ATTEMPTS = 3;

const COUNTS: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
];

export function sqsSweepQueue(client: SQSClient, queueUrl: string): SweepQueue {
  return {
    send: async (tasks) => {
      await mapConcurrently(inSlices(tasks, MAX_ENTRIES), CALLS_AT_ONCE, (slice) =>
        sendSlice(client, queueUrl, slice),
      );
    },
    countTasks: async () => {
      const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: COUNTS });
      const { Attributes = {} } = await client.send(command);
      return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
  };
}

async function sendSlice(client: SQSClient, queueUrl: string, slice: readonly SweepTask[]): Promise<void> {
  let tasks = slice;
  for (let attempt = 1; ; attempt += 1) {
    const Entries = tasks.map((task, index) => ({ Id: String(index), MessageBody: JSON.stringify(task) }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length === 0) {
      return;
    }
    if (attempt === MAX_ATTEMPTS) {
      const [first] = Failed;
      throw new Error(
        `${Failed.length} tasks of a sweep could not be sent: ${first?.Message ?? first?.Code}.`,
      );
    }
    tasks = Failed.flatMap(({ Id }) => tasks[Number(Id)] ?? []);
  }
}

/** @throws {Error} when the text is not a task that `sqsSweepQueue` sends */
export function parseSweepTask(body: string): SweepTask {
  const { segment, totalSegments, cursor, startedAt, itemCount, dueCount, continuationCount } =
    JSON.parse(body);
  const isTask =
    [segment, totalSegments, itemCount, dueCount, continuationCount].every(
      (number) => Number.isInteger(number) && number >= 0,
    ) &&
    segment < totalSegments &&
    typeof startedAt === 'string' &&
    /^\d+$/.test(startedAt) &&
    ['string', 'undefined'].includes(typeof cursor);
  if (!isTask) {
    throw new Error('A message in the queue of sweeps is no task of a sweep.');
  }
  return { segment, totalSegments, cursor, startedAt, itemCount, dueCount, continuationCount };
}
