/**
 * Takes up stream records that were kept whole because they could not be read. What this code can read by now is done as the
 * function would have done it. Otherwise the item itself may have been repaired: then it tells all that the record could have told.
 */

import { EPOCH } from '../../protocol/timestamps.ts';
import { creditRecipients } from '../../shell/credit-recipients.ts';
import type { KeptRecord, StreamFunction } from '../../shell/kept-records.ts';
import { dueAfter, type PublishTools, publishEvents } from '../../shell/publish-events.ts';
import { type BatchOutcome, reasonOf } from '../../shell/stream-batch.ts';
import { committedTransfer, type ItemChange, sequenceNumberOf } from '../../storage/stream-record.ts';
import type { CurrentItem, TableReader } from '../../storage/table-reader.ts';
import { faultOf, takeUpRecords, type WorkTools } from './take-up.ts';

/** A reader of the stack's tables. */
export type ItemReader = Pick<TableReader, 'readItemOf'>;

/** What the work can be done from. */
export type KeptState =
  | { readonly kind: 'readable' }
  /** The record can't be read, for this reason; the item as it is now can. */
  | { readonly kind: 'repaired'; readonly fault: string; readonly change: ItemChange }
  | { readonly kind: 'gone'; readonly fault: string }
  | { readonly kind: 'unreadable'; readonly fault: string; readonly itemFault: string };

export async function lookAtKept(
  { record, functionName }: KeptRecord,
  settings: PublishTools['settings'],
  reader: ItemReader,
): Promise<KeptState> {
  const fault = faultOf(record, functionName, settings);
  if (fault === undefined) {
    return { kind: 'readable' };
  }
  const current = await reader.readItemOf(record);
  if (current === undefined) {
    return { kind: 'gone', fault };
  }
  if ('corrupt' in current) {
    return { kind: 'unreadable', fault, itemFault: reasonOf(current.corrupt) };
  }
  const change = changeToNow(sequenceNumberOf(record), current);
  try {
    checkChange(change, functionName, settings);
    return { kind: 'repaired', fault, change };
  } catch (error) {
    return { kind: 'unreadable', fault, itemFault: reasonOf(error) };
  }
}

/**
 * Does what the function left undone, from what {@link lookAtKept} has found to be readable.
 * @returns whether it is done; otherwise it failed for a passing reason
 */
export async function takeUpKept(
  { record, functionName }: KeptRecord,
  state: Extract<KeptState, { readonly kind: 'readable' | 'repaired' }>,
  tools: WorkTools,
): Promise<boolean> {
  const { failed, unreadable } =
    state.kind === 'readable'
      ? await takeUpRecords([record], functionName, tools)
      : await takeUpChange(state.change, functionName, tools);
  return failed.size + unreadable.length === 0;
}

async function takeUpChange(
  change: ItemChange,
  functionName: StreamFunction,
  { publish, credit }: WorkTools,
): Promise<BatchOutcome> {
  if (functionName === 'publish-events') {
    return publishEvents([change], publish);
  }
  const { table, after } = change.images();
  // Whatever is not committed any more was credited meanwhile.
  const transfer = table === 'transfers' ? committedTransfer(after) : undefined;
  const left = await creditRecipients(transfer === undefined ? [] : [transfer], credit);
  return { failed: new Set(left.map(() => change.sequenceNumber)), unreadable: [] };
}

/** @throws {Error} when the function could not read the change */
function checkChange(change: ItemChange, functionName: StreamFunction, settings: PublishTools['settings']) {
  if (functionName === 'publish-events') {
    dueAfter(change, settings);
    return;
  }
  change.images();
}

/** As if the item had just come from nowhere: all messages are due that any change to what it is now has made due. */
function changeToNow(
  sequenceNumber: string,
  current: Exclude<CurrentItem, { readonly corrupt: unknown }>,
): ItemChange {
  const images = (): ReturnType<ItemChange['images']> =>
    current.table === 'accounts'
      ? { table: current.table, before: undefined, after: current.value }
      : { table: current.table, before: undefined, after: current.value };
  return { sequenceNumber, recordedAt: EPOCH, images };
}
