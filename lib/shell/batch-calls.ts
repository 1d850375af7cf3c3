/** Sends entries to queues and topics in batch calls, within what AWS takes in one, and tells which entries were not taken. */

import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inRuns, mapConcurrently } from './concurrency.ts';

/** SQS and SNS take ten entries in a call. */
const MAX_ENTRIES = 10;
/** The limit for all entries of a call together. An entry beyond it is alone in its call, and may be refused. */
const MAX_BYTES = 262_144;
const CALLS_AT_ONCE = 8;

/** How items of one kind are sent. */
export interface BatchCall<T, Entry> {
  readonly entryOf: (item: T) => Entry;
  /** The size of an entry with its attributes. Needed only where ten of them may be too large together. */
  readonly bytesOf?: (item: T) => number;
  readonly send: (entries: (Entry & { readonly Id: string })[]) => Promise<{
    readonly Failed?:
      | readonly { readonly Id?: string | undefined; readonly Message?: string | undefined }[]
      | undefined;
  }>;
  /** Whether there is time for another call. Calls are begun in the order of the items. */
  readonly hasTime?: () => boolean;
}

export interface Unsent<T> {
  readonly item: T;
  readonly reason: string;
}

/**
 * @returns the items that were not taken, or of which that is not known. No call is tried again, whatever went wrong: all
 * items come from a queue or a stream that gives them again
 */
export async function sendBatches<T, Entry>(
  items: readonly T[],
  { entryOf, bytesOf = () => 0, send, hasTime = () => true }: BatchCall<T, Entry>,
): Promise<readonly Unsent<T>[]> {
  const calls = inRuns(items, bytesOf, { maxSize: MAX_BYTES, maxCount: MAX_ENTRIES });
  const unsent = await mapConcurrently(calls, CALLS_AT_ONCE, async (call) => {
    if (!hasTime()) {
      return call.map((item) => ({ item, reason: 'There was no time left for the call.' }));
    }
    try {
      const { Failed = [] } = await send(
        call.map((item, index) => ({ ...entryOf(item), Id: String(index) })),
      );
      return Failed.flatMap(({ Id, Message: reason = '' }) => {
        const index = Number(Id);
        return index in call ? [{ item: call[index] as T, reason }] : [];
      });
    } catch (error) {
      return call.map((item) => ({ item, reason: error instanceof Error ? error.message : String(error) }));
    }
  });
  return unsent.flat();
}

/** The `send` of messages to a queue. */
export function toQueue(client: SQSClient, QueueUrl: string) {
  return (Entries: SendMessageBatchRequestEntry[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
}
