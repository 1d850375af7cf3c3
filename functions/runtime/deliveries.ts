/** A message as Lambda hands it over, and as the queue that it came from has to be told about it. */

import type { SQSRecord } from 'aws-lambda';
import type { QueueDelivery } from '../../lib/shell/source-queue.ts';

export function deliveryOf({ messageId, body, receiptHandle, attributes }: SQSRecord): QueueDelivery {
  return { messageId, body, receiptHandle, receiveCount: Number(attributes.ApproximateReceiveCount) };
}
