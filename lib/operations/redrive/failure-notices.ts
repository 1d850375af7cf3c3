/**
 * Lambda's notices of stream records on which a function has given up. A notice says where the records are; they are read again
 * from the stream as long as it keeps them.
 */

import { addSeconds, parseTimestamp, printTimestamp, type Timestamp } from '../../protocol/timestamps.ts';
import type { StreamFunction } from '../../shell/kept-records.ts';
import type { PublishTools } from '../../shell/publish-events.ts';
import { RecordsGoneError, type StreamRange } from '../../storage/stream-reader.ts';
import { type StreamRecord, sequenceNumberOf } from '../../storage/stream-record.ts';
import { faultOf, processRecords, type WorkTools } from './process-records.ts';

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

/** A reader of the stack's streams. */
export interface RecordSource {
  readonly read: (range: StreamRange) => Promise<readonly StreamRecord[]>;
}

export type NoticeResult =
  | { readonly kind: 'done'; readonly recordCount: number }
  | { readonly kind: 'gone' }
  /** `failures` are sequence numbers, in no order. */
  | { readonly kind: 'failed'; readonly recordCount: number; readonly failures: readonly string[] };

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

/** What is still in the stream; `undefined` if the records are gone. */
export async function inspectNotice(
  notice: FailureNotice,
  settings: PublishTools['settings'],
  streams: RecordSource,
): Promise<{ readonly recordCount: number; readonly unreadable: readonly string[] } | undefined> {
  const records = await readRange(notice, streams);
  const unreadable = records?.flatMap((record) => {
    const fault = faultOf(record, notice.functionName, settings);
    return fault === undefined ? [] : [`${sequenceNumberOf(record)}: ${fault}`];
  });
  return records && { recordCount: records.length, unreadable: unreadable ?? [] };
}

/** Does the function's work for the records; that of both functions if the notice does not name one. */
export async function processNotice(
  notice: FailureNotice,
  streams: RecordSource,
  tools: WorkTools,
): Promise<NoticeResult> {
  const records = await readRange(notice, streams);
  if (records === undefined) {
    return { kind: 'gone' };
  }
  const { failed, unreadable } = await processRecords(records, notice.functionName, tools);
  const failures = new Set([...failed, ...unreadable.map(({ sequenceNumber }) => sequenceNumber)]);
  return failures.size === 0
    ? { kind: 'done', recordCount: records.length }
    : { kind: 'failed', recordCount: records.length, failures: [...failures] };
}

async function readRange(
  notice: FailureNotice,
  streams: RecordSource,
): Promise<readonly StreamRecord[] | undefined> {
  try {
    return await streams.read(notice);
  } catch (error) {
    if (error instanceof RecordsGoneError) {
      return undefined;
    }
    throw error;
  }
}

/** The clocks of writers and of the stream differ by less. */
const RANGE_MARGIN_SECONDS = 60;

/** What the operator has to do when the records are gone. */
export function adviceWithoutRecords({
  functionName,
  arrivedFrom,
  arrivedTo,
}: FailureNotice): readonly string[] {
  const from =
    arrivedFrom === undefined ? 'TIME' : printTimestamp(addSeconds(arrivedFrom, -RANGE_MARGIN_SECONDS));
  const to = arrivedTo === undefined ? 'TIME' : printTimestamp(addSeconds(arrivedTo, RANGE_MARGIN_SECONDS));
  return [
    ...(functionName === 'publish-events'
      ? []
      : ['The next sweep of the transfers makes the credits that are still due.']),
    ...(functionName === 'credit-recipients'
      ? []
      : [`Publish the messages of that time again: npm run republish -- --from ${from} --to ${to} --apply`]),
  ];
}
