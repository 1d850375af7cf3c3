/** Lambda handler: chores on single accounts, from their queue. */

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { runChores } from '../lib/shell/run-chores.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { instrumented } from './runtime/instrumented.ts';
import { remainingTime } from './runtime/remaining-time.ts';
import { createLedgerStore } from './runtime/tables.ts';
import { telemetry } from './runtime/telemetry.ts';

const tools = { store: createLedgerStore(), surroundings: REAL_SURROUNDINGS, telemetry };

export const handler = instrumented<SQSEvent, SQSBatchResponse>(async ({ Records }, context) => {
  const returned = await runChores(Records, { ...tools, hasTime: remainingTime(context) });
  return { batchItemFailures: returned.map((itemIdentifier) => ({ itemIdentifier })) };
});
