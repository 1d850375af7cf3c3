/** Prints what a failure destination gets about stream records that were given up. */

import { randomUUID } from 'node:crypto';
import type { StreamRecord } from '../emulators/table-stream.ts';
import type { InvocationResult } from './invocation-outcome.ts';

export interface FailureNotice {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly attempts: number;
  readonly result: InvocationResult;
}

/** What Lambda sends to a failure destination: not the records, but their place in the stream. */
export function printFailureNotice(notice: FailureNotice): string {
  const { functionArn, streamArn, shardId, records, attempts, result } = notice;
  const [first, last] = [records[0]?.dynamodb, records.at(-1)?.dynamodb];
  return JSON.stringify({
    requestContext: {
      requestId: randomUUID(),
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
    timestamp: new Date().toISOString(),
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
