/** How many messages a queue holds, as SQS counts them: approximately, and right when nothing has moved for a minute. */

import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';

/** Messages of one queue. */
export interface QueueCounts {
  /** Those that wait, delayed ones included. */
  readonly waiting: number;
  /** Those that somebody has taken and not deleted. */
  readonly taken: number;
}

export async function countMessages(client: SQSClient, QueueUrl: string): Promise<QueueCounts> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesDelayed',
        'ApproximateNumberOfMessagesNotVisible',
      ],
    }),
  );
  const count = (name: QueueAttributeName) => Number(Attributes[name] ?? 0);
  return {
    waiting: count('ApproximateNumberOfMessages') + count('ApproximateNumberOfMessagesDelayed'),
    taken: count('ApproximateNumberOfMessagesNotVisible'),
  };
}
