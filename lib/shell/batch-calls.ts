/** Sends entries to queues and topics in batch calls, within what AWS takes in one, and tells which entries were not taken. */

import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inRuns, mapConcurrently } from './concurrency.ts';
import {
  type FailedEntry,
  type FailureKind,
  type FailureSigns,
  failureKindOf,
  printSigns,
  signsOfEntry,
  signsOfError,
} from './send-failures.ts';

/** SQS and SNS take ten entries in a call. */
export const MAX_ENTRIES = 10;
/** The limit for all entries of a call together. An entry beyond it is alone in its call, and may be refused. */
const MAX_BYTES = 262_144;
const CALLS_AT_ONCE = 8;

/** How items of one kind are sent. */
export interface BatchCall<T, Entry> {
  readonly entryOf: (item: T) => Entry;
  /** The size of an entry with its attributes. Needed only where ten of them may be too large together. */
  readonly bytesOf?: (item: T) => number;
  readonly send: (
    entries: (Entry & { readonly Id: string })[],
  ) => Promise<{ readonly Failed?: readonly FailedEntry[] | undefined }>;
  /** Whether there is time for another call. Calls are begun in the order of the items. */
  readonly hasTime?: () => boolean;
}

export interface Unsent<T> {
  readonly item: T;
  /** `untried` when there was no call for it: another one had taken nothing before, or no time was left. */
  readonly kind: FailureKind | 'untried';
  /** For people. */
  readonly reason: string;
}

/**
 * Once a call takes nothing, for another reason than its content, no further call is made: while an outage lasts, the next
 * ones would wait and fail as well. The calls that are under way then, eight at most, are finished.
 * @returns the items that were not taken, or of which that is not known. No call is tried again, whatever went wrong: all
 * items come from a queue or a stream that gives them again
 */
export async function sendBatches<T, Entry>(
  items: readonly T[],
  { entryOf, bytesOf = () => 0, send, hasTime = () => true }: BatchCall<T, Entry>,
): Promise<readonly Unsent<T>[]> {
  const calls = inRuns(items, bytesOf, { maxSize: MAX_BYTES, maxCount: MAX_ENTRIES });
  let obstacle: string | undefined;
  const unsent = await mapConcurrently(calls, CALLS_AT_ONCE, async (call): Promise<Unsent<T>[]> => {
    if (obstacle !== undefined || !hasTime()) {
      const reason = obstacle === undefined ? 'no time was left' : `not tried after ${obstacle}`;
      return call.map((item) => ({ item, kind: 'untried', reason }));
    }
    const failures = await sendCall(call, { entryOf, send });
    if (failures.length === call.length && failures.every(({ kind }) => kind !== 'refused')) {
      obstacle = failures[0]?.reason;
    }
    return failures;
  });
  return unsent.flat();
}

async function sendCall<T, Entry>(
  call: readonly T[],
  { entryOf, send }: BatchCall<T, Entry>,
): Promise<Unsent<T>[]> {
  try {
    const { Failed = [] } = await send(call.map((item, index) => ({ ...entryOf(item), Id: String(index) })));
    return Failed.flatMap((entry) => {
      const index = Number(entry.Id);
      return index in call ? [unsentFor(call[index] as T, signsOfEntry(entry))] : [];
    });
  } catch (error) {
    return call.map((item) => unsentFor(item, signsOfError(error)));
  }
}

function unsentFor<T>(item: T, signs: FailureSigns): Unsent<T> {
  return { item, kind: failureKindOf(signs), reason: printSigns(signs) };
}

/** The `send` of messages to a queue. */
export function toQueue(client: SQSClient, QueueUrl: string) {
  return (Entries: SendMessageBatchRequestEntry[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
}
