/** What the handlers of queues share: a batch of deliveries comes in, and those that are to come again are reported. */

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Delivery, Invocation } from '../../lib/shell/invocation.ts';
import { instrumented } from './instrumented.ts';
import { invocationOf } from './invocations.ts';

/** @param work returns the IDs of the deliveries that are to come again */
export function queueHandler(
  work: (deliveries: readonly Delivery[], invocation: Invocation) => Promise<readonly string[]>,
) {
  return instrumented<SQSEvent, SQSBatchResponse>(async ({ Records }, context) => {
    const deliveries = Records.map(({ messageId, body, eventSourceARN: sourceArn }) => ({
      messageId,
      body,
      sourceArn,
    }));
    const returned = await work(deliveries, invocationOf(context));
    return { batchItemFailures: returned.map((itemIdentifier) => ({ itemIdentifier })) };
  });
}
