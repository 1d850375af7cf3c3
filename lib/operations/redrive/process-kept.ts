/**
 * Processes stream records that were kept whole because they could not be read. A record that this code can read is processed
 * as the function would have done. Otherwise its item may have been repaired; then the work is done from the item.
 */

import { EPOCH } from '../../protocol/timestamps.ts';
import { creditRecipients } from '../../shell/credit-recipients.ts';
import type { KeptRecord, StreamFunction } from '../../shell/kept-records.ts';
import { dueAfter, type PublishTools, publishEvents } from '../../shell/publish-events.ts';
import { type BatchOutcome, reasonOf } from '../../shell/stream-batch.ts';
import { committedTransfer, type ItemChange, sequenceNumberOf } from '../../storage/stream-record.ts';
import type { CurrentItem, TableReader } from '../../storage/table-reader.ts';
import { faultOf, processRecords, type WorkTools } from './process-records.ts';

/** A reader of the stack's tables. */
export type ItemReader = Pick<TableReader, 'readItemOf'>;

/** What can be read, so that the work can be done from it. */
export type KeptState =
  | { readonly kind: 'readable' }
  /** The record can't be read, for the reason in `fault`; the item as it is now can. */
  | { readonly kind: 'repaired'; readonly fault: string; readonly change: ItemChange }
  | { readonly kind: 'gone'; readonly fault: string }
  | { readonly kind: 'unreadable'; readonly fault: string; readonly itemFault: string };

export async function inspectKept(
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

/** `failed` is for a passing reason. `refused` is a message that its topic refuses for its content, for the reason given. */
export type KeptOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'refused'; readonly reason: string };

/** Does what the function left undone, from whatever {@link inspectKept} could read. */
export async function processKept(
  { record, functionName }: KeptRecord,
  state: Extract<KeptState, { readonly kind: 'readable' | 'repaired' }>,
  tools: WorkTools,
): Promise<KeptOutcome> {
  const { failed, unreadable } =
    state.kind === 'readable'
      ? await processRecords([record], functionName, tools)
      : await processChange(state.change, functionName, tools);
  const [refused] = unreadable;
  if (refused !== undefined) {
    return { kind: 'refused', reason: refused.reason };
  }
  return { kind: failed.size === 0 ? 'done' : 'failed' };
}

async function processChange(
  change: ItemChange,
  functionName: StreamFunction,
  { publish, credit }: WorkTools,
): Promise<BatchOutcome> {
  if (functionName === 'publish-events') {
    return publishEvents([change], publish);
  }
  const { table, after } = change.images();
  // A transfer that is no longer committed was credited meanwhile.
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

/** As if the item had just been created: all messages are due that its earlier changes made due. */
function changeToNow(
  sequenceNumber: string,
  { table, value }: Exclude<CurrentItem, { readonly corrupt: unknown }>,
): ItemChange {
  const images = { table, before: undefined, after: value } as ReturnType<ItemChange['images']>;
  return { sequenceNumber, recordedAt: EPOCH, images: () => images };
}
