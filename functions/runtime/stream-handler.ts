/** What the handlers of streams share: a batch of records comes in, and where it is to start again is reported. */

import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { type StreamFunction, sqsRecordKeeper } from '../../lib/shell/kept-records.ts';
import { type BatchOutcome, handleBatch } from '../../lib/shell/stream-batch.ts';
import type { StreamRecord } from '../../lib/storage/stream-record.ts';
import { required } from './environment.ts';
import { instrumented } from './instrumented.ts';
import { createSqsClient } from './messaging.ts';
import { telemetry } from './telemetry.ts';

export function streamHandler(
  functionName: StreamFunction,
  work: (records: readonly StreamRecord[], context: Context) => Promise<BatchOutcome>,
) {
  const queueUrl = required('STREAM_FAILURES_QUEUE_URL');
  const keeper = sqsRecordKeeper(createSqsClient(), { queueUrl, functionName, telemetry });
  return instrumented<DynamoDBStreamEvent, DynamoDBBatchResponse>(async ({ Records }, context) => {
    const earliest = await handleBatch(Records, (records) => work(records, context), keeper);
    return { batchItemFailures: earliest === undefined ? [] : [{ itemIdentifier: earliest }] };
  });
}
