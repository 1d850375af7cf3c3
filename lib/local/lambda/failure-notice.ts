/** What a failure destination is told of stream records that were given up. */

import type { StreamRecord } from '../emulators/table-stream.ts';
import type { InvocationResult } from './execution-environment.ts';

export interface FailureNotice {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly attempts: number;
  readonly result: InvocationResult;
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly requestId: string;
}

/** What Lambda sends to a failure destination: not the records but where they lie in the stream. */
export function printFailureNotice({
  functionArn,
  streamArn,
  shardId,
  records,
  attempts,
  result,
  now,
  requestId,
}: FailureNotice): string {
  const [first, last] = [records[0]?.dynamodb, records.at(-1)?.dynamodb];
  return JSON.stringify({
    requestContext: {
      requestId,
      functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: attempts,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: result.kind === 'failed' ? 'Unhandled' : null,
    },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: printSeconds(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: printSeconds(last?.ApproximateCreationDateTime),
      batchSize: records.length,
      streamArn,
    },
  });
}

function printSeconds(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}
