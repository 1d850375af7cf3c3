/** Lambda handler: incoming SMP messages from the queue. */

import { sqsDeadLetterQueue } from '../lib/shell/dead-letter-queue.ts';
import { processMessages } from '../lib/shell/process-messages.ts';
import { required } from './runtime/environment.ts';
import { createSqsClient } from './runtime/messaging.ts';
import { queueHandler } from './runtime/queue-handler.ts';

const deadLetters = sqsDeadLetterQueue(createSqsClient(), required('DEAD_LETTER_QUEUE_URL'));

export const handler = queueHandler(
  (deliveries, invocation) => processMessages(deliveries, { ...invocation, deadLetters }),
  { takesMore: true },
);
