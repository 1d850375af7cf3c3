/** Puts messages of peers into their queues. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { sendBatches, toQueue } from '../../shell/batch-calls.ts';

/** @returns how many of the bodies, from the first one on, are in the queue now; never throws */
export async function storeInQueue(
  client: SQSClient,
  queueUrl: string,
  bodies: readonly string[],
): Promise<number> {
  const items = bodies.map((body, index) => ({ body, index }));
  const unsent = await sendBatches(items, {
    entryOf: ({ body }) => ({ MessageBody: body }),
    bytesOf: ({ body }) => Buffer.byteLength(body),
    send: toQueue(client, queueUrl),
  });
  return Math.min(bodies.length, ...unsent.map(({ item }) => item.index));
}
