/**
 * Takes up stream records that a function had to give up: reads them again from the stream and gives them to the same work.
 * Both kinds of work may be done twice, so a record that was done in part is simply done again.
 */

import { addSeconds, parseTimestamp, printTimestamp, type Timestamp } from '../protocol/timestamps.ts';
import type { Transfer } from '../rules/transfer.ts';
import { printRecordKey } from '../storage/ledger-store.ts';
import { RecordsGoneError, type StreamChange, type StreamRange } from '../storage/stream-reader.ts';
import { type CreditTools, creditRecipients } from './credit-recipients.ts';
import { type PublishTools, publishEvents } from './publish-events.ts';

/** What Lambda tells of a batch that it gave up (its on-failure destination). */
export interface FailureNotice extends StreamRange {
  /** The function that failed; `undefined` where its name is not one that the stack gives. */
  readonly functionName: 'publish-events' | 'credit-recipients' | undefined;
  readonly batchSize: number;
  /** E.g. `RetryAttemptsExhausted`. */
  readonly condition: string;
  /** When the first and the last record were written; `undefined` where that is not told. */
  readonly arrivedFrom: Timestamp | undefined;
  readonly arrivedTo: Timestamp | undefined;
}

export interface TakeUpTools {
  readonly streams: { readonly read: (range: StreamRange) => Promise<readonly StreamChange[]> };
  readonly publish: PublishTools;
  readonly credit: CreditTools;
}

export type TakeUpResult =
  | { readonly kind: 'done'; readonly recordCount: number }
  | { readonly kind: 'gone' }
  /** `failures` names the records by their sequence numbers, in no order. */
  | { readonly kind: 'failed'; readonly recordCount: number; readonly failures: readonly string[] };

/** @throws {Error} when the text is no notice of Lambda about a stream of DynamoDB */
export function parseFailureNotice(body: string): FailureNotice {
  const { requestContext, DDBStreamBatchInfo: batch } = JSON.parse(body);
  const texts = [batch?.streamArn, batch?.shardId, batch?.startSequenceNumber, batch?.endSequenceNumber];
  if (!texts.every((text) => typeof text === 'string')) {
    throw new Error('A message in the queue of stream failures is no notice of them.');
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

/** The stack's names of functions begin with its own and end with some letters of AWS. */
function functionOf(arn: string): FailureNotice['functionName'] {
  if (arn.includes('PublishEvents')) {
    return 'publish-events';
  }
  return arn.includes('CreditRecipients') ? 'credit-recipients' : undefined;
}

/** What is still in the stream, without doing anything about it; `undefined` when the records are gone. */
export async function lookAt(
  notice: FailureNotice,
  streams: TakeUpTools['streams'],
): Promise<{ readonly recordCount: number; readonly unreadable: readonly string[] } | undefined> {
  const changes = await readRange(notice, streams);
  return changes && { recordCount: changes.length, unreadable: changes.flatMap(faultOf) };
}

/** Why the images of a record can't be read, if they can't. */
function faultOf({ sequenceNumber, images }: StreamChange): string[] {
  try {
    images();
    return [];
  } catch (error) {
    return [`${sequenceNumber}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Does the function's work for the records; where it is not known whose that was, all work that may have been due. */
export async function takeUp(notice: FailureNotice, tools: TakeUpTools): Promise<TakeUpResult> {
  const changes = await readRange(notice, tools.streams);
  if (changes === undefined) {
    return { kind: 'gone' };
  }
  const failures = new Set<string>();
  if (notice.functionName !== 'credit-recipients') {
    for (const sequenceNumber of await publishEvents(changes, tools.publish)) {
      failures.add(sequenceNumber);
    }
  }
  if (notice.functionName !== 'publish-events') {
    for (const sequenceNumber of await creditChanges(changes, tools.credit)) {
      failures.add(sequenceNumber);
    }
  }
  return failures.size === 0
    ? { kind: 'done', recordCount: changes.length }
    : { kind: 'failed', recordCount: changes.length, failures: [...failures] };
}

async function readRange(
  notice: FailureNotice,
  streams: TakeUpTools['streams'],
): Promise<readonly StreamChange[] | undefined> {
  try {
    return await streams.read(notice);
  } catch (error) {
    if (error instanceof RecordsGoneError) {
      return undefined;
    }
    throw error;
  }
}

async function creditChanges(changes: readonly StreamChange[], tools: CreditTools): Promise<string[]> {
  const committed = new Map<string, { readonly transfer: Transfer; readonly sequenceNumber: string }>();
  const failures: string[] = [];
  for (const { sequenceNumber, images } of changes) {
    try {
      const { table, after } = images();
      if (table === 'transfers' && after?.kind === 'transfer' && after.status === 'committed') {
        committed.set(printRecordKey(after), { transfer: after, sequenceNumber });
      }
    } catch (error) {
      failures.push(sequenceNumber);
      tools.telemetry.warn('A stream record can not be read.', { sequenceNumber, error });
    }
  }
  const transfers = [...committed.values()].map(({ transfer }) => transfer);
  for (const transfer of await creditRecipients(transfers, tools)) {
    failures.push(committed.get(printRecordKey(transfer))?.sequenceNumber ?? '');
  }
  return failures;
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
