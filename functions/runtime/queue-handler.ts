/**
 * What the handlers of queues share: an event of messages comes in, to which the function may add more from the same queue, and
 * those that are to come again are reported.
 */

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { MESSAGES_IN_RECEIVE } from '../../lib/shell/drain-rounds.ts';
import type { Delivery, Invocation } from '../../lib/shell/invocation.ts';
import { handleQueueBatch } from '../../lib/shell/queue-batch.ts';
import { type SourceQueue, sqsSourceQueue, urlOfQueue } from '../../lib/shell/source-queue.ts';
import { deliveryOf } from './deliveries.ts';
import { required } from './environment.ts';
import { instrumented } from './instrumented.ts';
import { invocationOf } from './invocations.ts';
import { createSqsClient } from './messaging.ts';

interface QueueHandlerOptions {
  /** Whether the function takes more messages when its event is full. */
  readonly takesMore: boolean;
}

/** @param work returns the IDs of the deliveries that are to come again */
export function queueHandler(
  work: (deliveries: readonly Delivery[], invocation: Invocation) => Promise<readonly string[]>,
  { takesMore }: QueueHandlerOptions,
) {
  const client = createSqsClient();
  const queueUrl = required('SOURCE_QUEUE_URL');
  const queues = new Map<string, SourceQueue>();
  // All messages of an event come from one queue, and from no other are more taken.
  const queueOf = (arn: string): SourceQueue => {
    const queue = queues.get(arn) ?? sqsSourceQueue(client, urlOfQueue(arn, queueUrl));
    queues.set(arn, queue);
    return queue;
  };
  return instrumented<SQSEvent, SQSBatchResponse>(async ({ Records }, context) => {
    const invocation = invocationOf(context);
    const [{ eventSourceARN: sourceArn } = { eventSourceARN: '' }] = Records;
    const handle = (all: readonly Delivery[]) =>
      work(
        all.map((delivery) => ({ ...delivery, sourceArn })),
        invocation,
      );
    const returned = await handleQueueBatch(Records.map(deliveryOf), handle, {
      ...invocation,
      queue: queueOf(sourceArn),
      fullEvent: takesMore ? MESSAGES_IN_RECEIVE : Number.POSITIVE_INFINITY,
      remainingMs: () => context.getRemainingTimeInMillis(),
    });
    return { batchItemFailures: returned.map((itemIdentifier) => ({ itemIdentifier })) };
  });
}
