/** Lambda handler: incoming SMP messages from the queue. */

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sqsDeadLetterQueue } from '../lib/shell/dead-letter-queue.ts';
import { processMessages } from '../lib/shell/process-messages.ts';
import { SharedTransactions } from '../lib/shell/shared-transactions.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { required, settings } from './runtime/environment.ts';
import { instrumented } from './runtime/instrumented.ts';
import { createSqsClient } from './runtime/messaging.ts';
import { remainingTime } from './runtime/remaining-time.ts';
import { createLedgerStore } from './runtime/tables.ts';
import { telemetry } from './runtime/telemetry.ts';

const tools = {
  store: createLedgerStore(),
  transactions: new SharedTransactions(),
  deadLetters: sqsDeadLetterQueue(createSqsClient(), required('DEAD_LETTER_QUEUE_URL')),
  settings,
  surroundings: REAL_SURROUNDINGS,
  telemetry,
};

export const handler = instrumented<SQSEvent, SQSBatchResponse>(async ({ Records }, context) => {
  const returned = await processMessages(Records, { ...tools, hasTime: remainingTime(context) });
  return { batchItemFailures: returned.map((itemIdentifier) => ({ itemIdentifier })) };
});
