/**
 * Lambda's notices of stream records that a function had to give up: they tell where the records lie, which are read again
 * from the stream as long as it keeps them.
 */

import { addSeconds, parseTimestamp, printTimestamp, type Timestamp } from '../../protocol/timestamps.ts';
import type { StreamFunction } from '../../shell/kept-records.ts';
import type { PublishTools } from '../../shell/publish-events.ts';
import { RecordsGoneError, type StreamRange } from '../../storage/stream-reader.ts';
import { type StreamRecord, sequenceNumberOf } from '../../storage/stream-record.ts';
import { faultOf, takeUpRecords, type WorkTools } from './take-up.ts';

/** What Lambda tells of a batch that it gave up (its on-failure destination). */
export interface FailureNotice extends StreamRange {
  /** The function that failed; `undefined` where its name is not one that the stack gives. */
  readonly functionName: StreamFunction | undefined;
  readonly batchSize: number;
  /** E.g. `RetryAttemptsExhausted`. */
  readonly condition: string;
  /** When the first and the last record were written; `undefined` where that is not told. */
  readonly arrivedFrom: Timestamp | undefined;
  readonly arrivedTo: Timestamp | undefined;
}

/** Where the records of a range are read again; a StreamReader. */
export interface RecordSource {
  readonly read: (range: StreamRange) => Promise<readonly StreamRecord[]>;
}

export type TakeUpResult =
  | { readonly kind: 'done'; readonly recordCount: number }
  | { readonly kind: 'gone' }
  /** `failures` names the records by their sequence numbers, in no order. */
  | { readonly kind: 'failed'; readonly recordCount: number; readonly failures: readonly string[] };

/** @returns `undefined` when the text is no notice of Lambda about a stream of DynamoDB */
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

// biome-ignore lint/suspicious/noExplicitAny: each field is looked at
function parseObject(body: string): any {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

/** The stack's names of functions begin with its own and end with some letters of AWS. */
function functionOf(arn: string): StreamFunction | undefined {
  if (arn.includes('PublishEvents')) {
    return 'publish-events';
  }
  return arn.includes('CreditRecipients') ? 'credit-recipients' : undefined;
}

/** What is still in the stream, without doing anything about it; `undefined` when the records are gone. */
export async function lookAt(
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

/** Does the function's work for the records; where it is not known whose that was, all work that may have been due. */
export async function takeUp(
  notice: FailureNotice,
  streams: RecordSource,
  tools: WorkTools,
): Promise<TakeUpResult> {
  const records = await readRange(notice, streams);
  if (records === undefined) {
    return { kind: 'gone' };
  }
  const { failed, unreadable } = await takeUpRecords(records, notice.functionName, tools);
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

/** Clocks of writers and of the stream differ by less. */
const RANGE_MARGIN_SECONDS = 60;

/** What is left to do when the records are gone, for the operator. */
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
      : ['The next sweep over the transfers makes the credits that are still due.']),
    ...(functionName === 'credit-recipients'
      ? []
      : [`Publish the messages of that time again: npm run republish -- --from ${from} --to ${to} --apply`]),
  ];
}
