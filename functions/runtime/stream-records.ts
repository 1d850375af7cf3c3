/** What the handlers of streams share: a batch comes in, and what is to come again is told in Lambda's form. */

import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { type StreamFunction, sqsRecordKeeper } from '../../lib/shell/kept-records.ts';
import { type BatchOutcome, handleBatch } from '../../lib/shell/stream-batch.ts';
import type { StreamRecord } from '../../lib/storage/stream-record.ts';
import { required } from './environment.ts';
import { instrumented } from './instrumented.ts';
import { createSqsClient } from './messaging.ts';
import { telemetry } from './telemetry.ts';

export function streamHandler(
  name: StreamFunction,
  work: (records: readonly StreamRecord[]) => Promise<BatchOutcome>,
) {
  const keeper = sqsRecordKeeper(createSqsClient(), required('STREAM_FAILURES_QUEUE_URL'), name, telemetry);
  return instrumented<DynamoDBStreamEvent, DynamoDBBatchResponse>(async ({ Records }) => {
    const earliest = await handleBatch(Records, work, keeper);
    return { batchItemFailures: earliest === undefined ? [] : [{ itemIdentifier: earliest }] };
  });
}
