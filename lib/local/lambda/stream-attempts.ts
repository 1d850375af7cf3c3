/**
 * Handles one batch of stream records by Lambda's rules. A batch whose invocation fails is halved; one in which the function
 * reports a failed record is cut at that record. What is left is tried again until it is done, or too old, or was tried
 * too often. Batches come from stream-lanes.ts.
 */

import type { StreamRecord } from '../emulators/table-stream.ts';
import { failedItems, failureReason, type InvocationResult } from './invocation-outcome.ts';
import type { Invoke } from './local-function.ts';

/** How long a mapping goes on trying. */
export interface RetryPolicy {
  /** Whether a batch whose invocation fails is halved. */
  readonly bisects: boolean;
  /** How often a batch is tried again; -1 for no limit. Halving does not count. */
  readonly maxRetryAttempts: number;
  /** Older records are given up; -1 for no limit. */
  readonly maxRecordAgeSeconds: number;
}

export interface BatchHandling extends RetryPolicy {
  readonly invoke: Invoke;
  /** Whether the function reports which record failed first; otherwise all or none did. */
  readonly reportsItemFailures: boolean;
  /** Called with records that are given up. They are done only when this has resolved. */
  readonly onGivenUp: (givenUp: GivenUp) => Promise<void>;
  /** Called for each failed attempt. */
  readonly onFailure: (records: readonly StreamRecord[], reason: string) => void;
  /** Called with records that need no handling any more, in order. */
  readonly onDone: (records: readonly StreamRecord[]) => void;
  /** In seconds, now. */
  readonly ageOf: (record: StreamRecord) => number;
  /** Waits before a batch is tried again; must not throw when `signal` is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface GivenUp {
  readonly records: readonly StreamRecord[];
  /** As Lambda names it. */
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often these records were tried, together or with others. */
  readonly attempts: number;
  /** Of the last attempt; undefined if there was none. */
  readonly result: InvocationResult | undefined;
}

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

interface Attempt {
  readonly records: readonly StreamRecord[];
  /** How often these records were tried before. */
  readonly attempts: number;
  /** How often in a row the first of them failed, except where halving followed. */
  readonly failures: number;
  readonly lastResult: InvocationResult | undefined;
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
  const due: Attempt[] = [{ records, attempts: 0, failures: 0, lastResult: undefined }];
  for (let attempt = due.pop(); attempt !== undefined && !signal.aborted; attempt = due.pop()) {
    const young = await giveUpOld(attempt, handling);
    if (young.records.length > 0) {
      due.push(...(await attemptOnce(young, handling, signal)));
    }
  }
}

/** @returns the attempt with the records that are not too old to be sent to the function */
async function giveUpOld(attempt: Attempt, handling: BatchHandling): Promise<Attempt> {
  const { maxRecordAgeSeconds, ageOf } = handling;
  const firstYoung = attempt.records.findIndex(
    (record) => maxRecordAgeSeconds < 0 || ageOf(record) <= maxRecordAgeSeconds,
  );
  const oldCount = firstYoung < 0 ? attempt.records.length : firstYoung;
  if (oldCount > 0) {
    await giveUp({ ...attempt, records: attempt.records.slice(0, oldCount) }, 'RecordAgeExceeded', handling);
  }
  return { ...attempt, records: attempt.records.slice(oldCount) };
}

async function giveUp(
  { records, attempts, lastResult }: Attempt,
  condition: GivenUp['condition'],
  handling: BatchHandling,
): Promise<void> {
  await handling.onGivenUp({ records, condition, attempts, result: lastResult });
  handling.onDone(records);
}

/** @returns what is to be tried after this, the last first */
async function attemptOnce(
  { records, attempts, failures }: Attempt,
  handling: BatchHandling,
  signal: AbortSignal,
): Promise<Attempt[]> {
  const { bisects, maxRetryAttempts, reportsItemFailures } = handling;
  const lastResult = await handling.invoke(printStreamEvent(records));
  const done = countDone(records, lastResult, reportsItemFailures);
  if (done > 0) {
    handling.onDone(records.slice(0, done));
  }
  const rest = records.slice(done);
  if (rest.length === 0) {
    return [];
  }
  handling.onFailure(rest, failureReason(lastResult) ?? 'reported by the function');
  const failed = { records: rest, attempts: attempts + 1, failures: done > 0 ? 0 : failures, lastResult };
  if (bisects && lastResult.kind === 'failed' && rest.length > 1) {
    const middle = Math.ceil(rest.length / 2);
    return [rest.slice(middle), rest.slice(0, middle)].map((half) => ({ ...failed, records: half }));
  }
  if (maxRetryAttempts >= 0 && failed.failures >= maxRetryAttempts) {
    await giveUp(failed, 'RetryAttemptsExhausted', handling);
    return [];
  }
  await handling.pause(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failed.failures), signal);
  return [{ ...failed, failures: failed.failures + 1 }];
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
