/**
 * Does the work that a function left undone for some stream records. Both kinds of work may be done twice, so records that
 * were processed in part are processed again.
 */

import { creditRecords } from '../../shell/credit-recipients.ts';
import type { Invocation } from '../../shell/invocation.ts';
import type { StreamFunction } from '../../shell/kept-records.ts';
import { dueAfter, type PublishTools, publishRecords } from '../../shell/publish-events.ts';
import type { OperationSettings } from '../../shell/settings.ts';
import { type BatchOutcome, reasonOf } from '../../shell/stream-batch.ts';
import { changeOf, committedTransferOf, type StreamRecord } from '../../storage/stream-record.ts';

export interface WorkTools {
  readonly publish: PublishTools;
  readonly credit: Invocation;
}

/** How one kind of message is handled. */
export interface Handling<T> {
  readonly describe: (content: T) => string;
  /** @returns whether nothing is left to do, so that the message can be deleted */
  readonly handle: (content: T) => Promise<boolean>;
}

/** What both kinds need; without `work` they are only looked at. */
export interface HandlingTools {
  readonly settings: OperationSettings;
  readonly work: WorkTools | undefined;
  readonly forgetsGone: boolean;
  readonly say: (line: string) => void;
}

/** @param functionName whose work it is; `undefined` for the work of both functions */
export async function processRecords(
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

/** Why the function can't read the record; `undefined` if it can. */
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
