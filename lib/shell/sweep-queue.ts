/** The queue through which a sweep continues itself. */

import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';
import { sendBatches, toQueue } from './batch-calls.ts';
import type { SweepQueue, SweepTask } from './sweep.ts';

/** A segment whose task is not sent is not swept, so tasks that SQS refuses for a moment are worth another try. */
const MAX_ATTEMPTS = 3;

const COUNTS: QueueAttributeName[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
];

export function sqsSweepQueue(client: SQSClient, queueUrl: string): SweepQueue {
  const callWith = (DelaySeconds: number) => ({
    entryOf: (task: SweepTask) => ({
      MessageBody: JSON.stringify(task),
      ...(DelaySeconds > 0 && { DelaySeconds }),
    }),
    send: toQueue(client, queueUrl),
  });
  return {
    send: async (tasks, delaySeconds = 0) => {
      const call = callWith(delaySeconds);
      let unsent = await sendBatches(tasks, call);
      for (let attempt = 2; unsent.length > 0 && attempt <= MAX_ATTEMPTS; attempt += 1) {
        unsent = await sendBatches(
          unsent.map(({ item }) => item),
          call,
        );
      }
      if (unsent.length > 0) {
        throw new Error(`${unsent.length} tasks of a sweep could not be sent: ${unsent[0]?.reason}.`);
      }
    },
    countTasks: async () => {
      const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: COUNTS });
      const { Attributes = {} } = await client.send(command);
      return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    },
  };
}

/** @throws {Error} when the text is not a task that `sqsSweepQueue` sends */
export function parseSweepTask(body: string): SweepTask {
  const {
    segment,
    totalSegments,
    cursor,
    startedAt,
    itemCount,
    dueCount,
    continuationCount,
    waitCount = 0,
  } = JSON.parse(body);
  const isTask =
    [segment, totalSegments, itemCount, dueCount, continuationCount, waitCount].every(
      (number) => Number.isInteger(number) && number >= 0,
    ) &&
    segment < totalSegments &&
    typeof startedAt === 'string' &&
    /^\d+$/.test(startedAt) &&
    ['string', 'undefined'].includes(typeof cursor);
  if (!isTask) {
    throw new Error('A message in the queue of sweeps is not a sweep task.');
  }
  return { segment, totalSegments, cursor, startedAt, itemCount, dueCount, continuationCount, waitCount };
}
