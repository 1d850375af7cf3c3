/**
 * Does the work that a function left undone for some stream records, wherever they were found again. Both kinds of work may
 * be done twice, so a record that was done in part is simply done again.
 */

import { creditRecords } from '../../shell/credit-recipients.ts';
import type { Invocation } from '../../shell/invocation.ts';
import type { StreamFunction } from '../../shell/kept-records.ts';
import { dueAfter, type PublishTools, publishRecords } from '../../shell/publish-events.ts';
import { type BatchOutcome, reasonOf } from '../../shell/stream-batch.ts';
import { changeOf, committedTransferOf, type StreamRecord } from '../../storage/stream-record.ts';

export interface WorkTools {
  readonly publish: PublishTools;
  readonly credit: Invocation;
}

/** @param functionName whose work it is; `undefined` for all work that may be due */
export async function takeUpRecords(
  records: readonly StreamRecord[],
  functionName: StreamFunction | undefined,
  tools: WorkTools,
): Promise<BatchOutcome> {
  const outcomes: BatchOutcome[] = [];
  if (functionName !== 'credit-recipients') {
    outcomes.push(await publishRecords(records, tools.publish));
  }
  if (functionName !== 'publish-events') {
    outcomes.push(await creditRecords(records, tools.credit));
  }
  return {
    failed: new Set(outcomes.flatMap(({ failed }) => [...failed])),
    unreadable: outcomes.flatMap(({ unreadable }) => unreadable),
  };
}

/** Why the function can't read the record; `undefined` when it can. Does nothing else. */
export function faultOf(
  record: StreamRecord,
  functionName: StreamFunction | undefined,
  settings: PublishTools['settings'],
): string | undefined {
  try {
    if (functionName !== 'credit-recipients') {
      dueAfter(changeOf(record), settings);
    }
    if (functionName !== 'publish-events') {
      committedTransferOf(record);
    }
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
