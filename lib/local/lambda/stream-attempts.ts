/**
 * Handles one batch of stream records by Lambda's rules: a batch that fails is tried again from its first failed record
 * on, is halved, and is given up in the end. Batches come from stream-lanes.ts.
 */

import type { StreamRecord } from '../emulators/table-stream.ts';
import { failedItems, failureReason, type InvocationResult } from './invocation-outcome.ts';
import type { Invoke } from './local-function.ts';

export interface BatchHandling {
  readonly invoke: Invoke;
  /** Whether the function reports which record failed first; otherwise all or none did. */
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** How often a batch is tried again; -1 for no limit. */
  readonly maxRetryAttempts: number;
  /** Called with records that are given up. They are done only when this has resolved. */
  readonly onGivenUp: (
    records: readonly StreamRecord[],
    attempts: number,
    result: InvocationResult,
  ) => Promise<void>;
  /** Called for each failed attempt. */
  readonly onFailure: (records: readonly StreamRecord[], reason: string) => void;
  /** Called with records that need no handling any more, in order. */
  readonly onDone: (records: readonly StreamRecord[]) => void;
  /** Waits before a batch is tried again; must not throw when `signal` is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

interface Attempt {
  readonly records: readonly StreamRecord[];
  /** How often exactly this batch was tried before. */
  readonly failures: number;
}

/**
 * Resolves when every record is handled or given up. When `signal` is aborted, it resolves after the attempt under way,
 * and the rest is not done.
 */
export async function handleStreamBatch(
  records: readonly StreamRecord[],
  handling: BatchHandling,
  signal: AbortSignal,
): Promise<void> {
  const due: Attempt[] = [{ records, failures: 0 }];
  for (let attempt = due.pop(); attempt !== undefined && !signal.aborted; attempt = due.pop()) {
    const result = await handling.invoke(printStreamEvent(attempt.records));
    const done = countDone(attempt.records, result, handling.reportsItemFailures);
    if (done > 0) {
      handling.onDone(attempt.records.slice(0, done));
    }
    const rest = attempt.records.slice(done);
    if (rest.length === 0) {
      continue;
    }
    handling.onFailure(rest, failureReason(result) ?? 'reported by the function');
    const failed = { records: rest, failures: done > 0 ? 0 : attempt.failures, result };
    due.push(...(await next(failed, handling, signal)));
  }
}

/** What is to be tried after a failure, the last first. */
async function next(
  { records, failures, result }: Attempt & { readonly result: InvocationResult },
  handling: BatchHandling,
  signal: AbortSignal,
): Promise<Attempt[]> {
  if (handling.bisects && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    return [records.slice(middle), records.slice(0, middle)].map((half) => ({ records: half, failures: 0 }));
  }
  if (handling.maxRetryAttempts >= 0 && failures >= handling.maxRetryAttempts) {
    await handling.onGivenUp(records, failures + 1, result);
    handling.onDone(records);
    return [];
  }
  await handling.pause(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures), signal);
  return [{ records, failures: failures + 1 }];
}

/** How many records are done: those before the first failed one. */
function countDone(
  records: readonly StreamRecord[],
  result: InvocationResult,
  reportsItemFailures: boolean,
): number {
  const indexes = new Map(records.map((record, index) => [record.dynamodb.SequenceNumber, index]));
  return Math.min(records.length, ...failedItems(result, indexes, reportsItemFailures));
}

/** The event in JSON, with the fields and spelling of Lambda. */
export function printStreamEvent(records: readonly StreamRecord[]): string {
  return JSON.stringify({ Records: records });
}
