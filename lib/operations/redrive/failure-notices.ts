/** Handles Lambda's failure notices at once, by hand: their records are read again from the stream as long as it keeps them. */

import { addSeconds, printTimestamp } from '../../protocol/timestamps.ts';
import type { FailureNotice } from '../../shell/failure-notices.ts';
import type { PublishTools } from '../../shell/publish-events.ts';
import { RecordsGoneError, type StreamRange } from '../../storage/stream-reader.ts';
import { type StreamRecord, sequenceNumberOf } from '../../storage/stream-record.ts';
import { faultOf, processRecords, type WorkTools } from './process-records.ts';

/** A reader of the stack's streams. */
export interface RecordSource {
  readonly read: (range: StreamRange) => Promise<readonly StreamRecord[]>;
}

export type NoticeResult =
  | { readonly kind: 'done'; readonly recordCount: number }
  | { readonly kind: 'gone' }
  /** `failures` are sequence numbers, in no order. */
  | { readonly kind: 'failed'; readonly recordCount: number; readonly failures: readonly string[] };

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
