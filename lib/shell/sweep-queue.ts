/** The queue through which a sweep continues itself. */

import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { inSlices, mapConcurrently } from './concurrency.ts';
import type { SweepQueue, SweepTask } from './sweep.ts';

const MAX_ENTRIES = 10;
const CALLS_AT_ONCE = 8;

export function sqsSweepQueue(client: SQSClient, queueUrl: string): SweepQueue {
  const sendCall = async (tasks: readonly SweepTask[]): Promise<void> => {
    const Entries = tasks.map((task, index) => ({ Id: String(index), MessageBody: JSON.stringify(task) }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0) {
      throw new Error(
        `${Failed.length} tasks of a sweep could not be sent: ${Failed[0]?.Message ?? Failed[0]?.Code}.`,
      );
    }
  };
  return {
    send: async (tasks) => {
      await mapConcurrently(inSlices(tasks, MAX_ENTRIES), CALLS_AT_ONCE, sendCall);
    },
  };
}

/** @throws {Error} when the text is not a task that `sqsSweepQueue` sends */
export function parseSweepTask(body: string): SweepTask {
  const { segment, totalSegments, cursor, startedAt, itemCount } = JSON.parse(body);
  const isTask = Number.isInteger(segment) && Number.isInteger(totalSegments) && /^\d+$/.test(startedAt);
  if (!isTask || !Number.isInteger(itemCount) || !['string', 'undefined'].includes(typeof cursor)) {
    throw new Error('A message in the queue of sweeps is no task of a sweep.');
  }
  return { segment, totalSegments, cursor, startedAt, itemCount };
}
