/** Prints what a failure destination gets about stream records that were given up. */

import { randomUUID } from 'node:crypto';
import type { GivenUp } from './stream-attempts.ts';

export interface FailureNotice extends GivenUp {
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
}

/** What Lambda sends to a failure destination: not the records, but their place in the stream. */
export function printFailureNotice(notice: FailureNotice): string {
  const { functionArn, streamArn, shardId, records, condition, attempts, result } = notice;
  const [first, last] = [records[0]?.dynamodb, records.at(-1)?.dynamodb];
  return JSON.stringify({
    requestContext: {
      requestId: randomUUID(),
      functionArn,
      condition,
      approximateInvokeCount: attempts,
    },
    responseContext: result && {
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
