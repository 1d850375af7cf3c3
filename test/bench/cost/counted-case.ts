/** Converts the benchmark's measurements of a case to the counts that AWS bills. */

import type { CaseResult } from '../case-result.ts';
import type { Usage } from '../usage.ts';
import type { CaseCounts } from './cost-model.ts';

/** What no benchmark on one machine can measure. */
export interface Assumptions {
  /** How many messages a client sends in one call; 1 costs most. */
  readonly messagesInSend: number;
  /** A function's share of a processor: Lambda gives a whole one for 1,769 MB. */
  readonly processors: number;
  readonly memoryGigabytes: number;
  /** Of one call, in milliseconds, within a region. */
  readonly readMs: number;
  readonly commitMs: number;
  readonly publishMs: number;
}

export const ASSUMPTIONS: Assumptions = {
  messagesInSend: 1,
  processors: 1_024 / 1_769,
  memoryGigabytes: 1,
  readMs: 5,
  commitMs: 15,
  publishMs: 15,
};

/** Our own line with the metrics, about 700 bytes, and Lambda's two about the start and the end. */
export const LOG_BYTES_PER_INVOCATION = 1_500;
/** How much longer Lambda's own lines are than those of the local run. */
const MORE_LOG_BYTES_IN_CLOUD = 550;

const MESSAGES_OF_TRANSFER = 2;
const MESSAGES_IN_RECEIVE = 10;
/** Of each batch, as the shell has it. */
const COMMITS_AT_ONCE = 16;
const PUBLISHES_AT_ONCE = 8;
/** Nearly all writes are in transactions. */
const UNITS_OF_WRITTEN_ITEM = 2;

/** @returns `undefined` where the authority's usage is unknown, or no payment was made */
export function countsOfCase(
  result: CaseResult,
  assumptions: Assumptions = ASSUMPTIONS,
): CaseCounts | undefined {
  const { name, usage, transferCount } = result;
  if (usage === undefined || transferCount === 0) {
    return undefined;
  }
  const metric = (metricName: string) => usage.metrics[metricName] ?? 0;
  const invocations = sumOf(usage, (functionUsage) => functionUsage.invocations);
  const perTransfer = (amount: number) => amount / transferCount;
  return {
    name,
    writeUnits: perTransfer(metric('WriteUnits')),
    readUnits: perTransfer(metric('ReadUnits')),
    streamRecords: perTransfer(metric('WriteUnits') / UNITS_OF_WRITTEN_ITEM),
    queueRequests: perTransfer(queueRequests(usage, transferCount, assumptions)),
    publishRequests: perTransfer(metric('Calls.PublishBatch')),
    httpDeliveries: 0,
    invocations: perTransfer(invocations),
    gigabyteSeconds: perTransfer(gigabyteSeconds(usage, assumptions)),
    logBytes: perTransfer(logBytes(usage, invocations)),
  };
}

/**
 * Of clients, of Lambda, of process-messages for what it takes itself, and of publish-events for the chores; every chore becomes
 * one AccountUpdate.
 */
function queueRequests(usage: Usage, transferCount: number, { messagesInSend }: Assumptions): number {
  const messages = MESSAGES_OF_TRANSFER * transferCount;
  const metric = (name: string) => usage.metrics[name] ?? 0;
  const chores = metric('Events.AccountUpdate');
  const byLambda = Math.max(0, messages - metric('Messages.taken'));
  return (
    messages / messagesInSend +
    metric('Calls.ReceiveMessage') +
    metric('Calls.DeleteMessageBatch') +
    metric('Calls.ChangeMessageVisibilityBatch') +
    receivesAndDeletes(byLambda, usage.functions['process-messages']?.invocations ?? 0) +
    metric('Calls.SendMessageBatch') +
    receivesAndDeletes(chores, usage.functions['run-chores']?.invocations ?? 0)
  );
}

/** Lambda receives up to ten messages in a call, and deletes as many in a call. */
function receivesAndDeletes(messages: number, invocations: number): number {
  return 2 * Math.max(messages / MESSAGES_IN_RECEIVE, invocations);
}

/**
 * CPU time is measured on the benchmark's machine. Waiting is computed, since emulators wait only for the processor. Each
 * invocation that reads waits for one read. Its commits or publications wait in rounds of as many as run at once.
 */
function gigabyteSeconds(usage: Usage, assumptions: Assumptions): number {
  const { processors, memoryGigabytes, readMs, commitMs, publishMs } = assumptions;
  const publishers = usage.functions['publish-events']?.invocations ?? 0;
  const committers = sumOf(usage, ({ invocations }) => invocations) - publishers;
  const commitRounds = Math.max(committers, (usage.metrics.Commits ?? 0) / COMMITS_AT_ONCE);
  const publishRounds = Math.max(publishers, (usage.metrics['Calls.PublishBatch'] ?? 0) / PUBLISHES_AT_ONCE);
  const waitingMs = committers * readMs + commitRounds * commitMs + publishRounds * publishMs;
  return (memoryGigabytes * (usage.cpu.handlers / processors + waitingMs)) / 1_000;
}

/** Directly fed handlers write no logs. */
function logBytes(usage: Usage, invocations: number): number {
  const written = sumOf(usage, (functionUsage) => functionUsage.logBytes);
  return written === 0
    ? invocations * LOG_BYTES_PER_INVOCATION
    : written + invocations * MORE_LOG_BYTES_IN_CLOUD;
}

function sumOf(usage: Usage, amountOf: (functionUsage: Usage['functions'][string]) => number): number {
  return Object.values(usage.functions).reduce((sum, functionUsage) => sum + amountOf(functionUsage), 0);
}
