/** Lambda handler: incoming SMP messages from the queue, and from those of peers. */

import { processMessages } from '../lib/shell/process-messages.ts';
import { required } from './runtime/environment.ts';
import { createSqsClient } from './runtime/messaging.ts';
import { messageTools } from './runtime/peers.ts';
import { queueHandler } from './runtime/queue-handler.ts';

const tools = messageTools(createSqsClient(), process.env.AUTHORITY_ID, required('DEAD_LETTER_QUEUE_URL'));

export const handler = queueHandler(
  (deliveries, invocation) => processMessages(deliveries, { ...invocation, ...tools }),
  { takesMore: true },
);
