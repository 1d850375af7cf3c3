/**
 * Lambda's notices of stream records on which a function has given up. A notice does not hold the records but says where they
 * are in the stream, which keeps them for a day, and when they were written.
 */

import { parseTimestamp, type Timestamp } from '../protocol/timestamps.ts';
import type { StreamRange } from '../storage/stream-reader.ts';
import type { StreamFunction } from './kept-records.ts';

/** What Lambda says about a failed batch (in its on-failure destination). */
export interface FailureNotice extends StreamRange {
  /** The function that failed; `undefined` if its name is not one of the stack's. */
  readonly functionName: StreamFunction | undefined;
  readonly batchSize: number;
  /** E.g. `RetryAttemptsExhausted`. */
  readonly condition: string;
  /** When the first and the last record were written; `undefined` if the notice does not say so. */
  readonly arrivedFrom: Timestamp | undefined;
  readonly arrivedTo: Timestamp | undefined;
}

/** @returns `undefined` if the text is not a notice of Lambda about a stream of DynamoDB */
export function parseFailureNotice(body: string): FailureNotice | undefined {
  const { requestContext, DDBStreamBatchInfo: batch } = parseObject(body);
  const texts = [batch?.streamArn, batch?.shardId, batch?.startSequenceNumber, batch?.endSequenceNumber];
  if (!texts.every((text) => typeof text === 'string')) {
    return undefined;
  }
  return {
    functionName: functionOf(String(requestContext?.functionArn)),
    condition: String(requestContext?.condition),
    streamArn: batch.streamArn,
    shardId: batch.shardId,
    first: batch.startSequenceNumber,
    last: batch.endSequenceNumber,
    batchSize: Number(batch.batchSize),
    arrivedFrom: parseTimestamp(String(batch.approximateArrivalOfFirstRecord)),
    arrivedTo: parseTimestamp(String(batch.approximateArrivalOfLastRecord)),
  };
}

/** The name of the table, as its stream's ARN has it: `arn:aws:dynamodb:…:table/NAME/stream/…`. */
export function tableNameOf({ streamArn }: Pick<StreamRange, 'streamArn'>): string {
  return streamArn.split('/')[1] ?? streamArn;
}

// biome-ignore lint/suspicious/noExplicitAny: each field is checked
function parseObject(body: string): any {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

/** CloudFormation puts the stack's name before a function's name, and random letters behind it. */
function functionOf(arn: string): StreamFunction | undefined {
  if (arn.includes('PublishEvents')) {
    return 'publish-events';
  }
  return arn.includes('CreditRecipients') ? 'credit-recipients' : undefined;
}
