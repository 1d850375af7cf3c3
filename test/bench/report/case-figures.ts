/** What one transfer of a measured case costs, as the report shows it, and its budget. */

import type { CaseResult } from '../case-result.ts';
import { type BenchCase, type Budget, CASES } from '../cases.ts';
import { countsOfCase } from '../cost/counted-case.ts';
import { isOneByOne } from '../load.ts';
import { NO_FUNCTION_USAGE, type Usage } from '../usage.ts';

/** For one transfer unless the name says otherwise, including the AccountUpdates that follow. */
export interface CaseFigures {
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Of all functions: payments, credits, and AccountUpdates. */
  readonly commits: number;
  readonly commitsPerMessage: number;
  readonly conflicts: number;
  readonly retries: number;
  /** Of all functions. */
  readonly invocations: number;
  /** Calls of Publish and PublishBatch. */
  readonly publishCalls: number;
  /** SQS calls that the functions make themselves: chores and dead letters. */
  readonly queueCalls: number;
  /** All requests that AWS would bill. The cost model derives those of clients and of Lambda itself. */
  readonly queueRequests: number;
  readonly handlerCpuMs: number;
  /** For one incoming message. */
  readonly handlerCpuMsPerMessage: number;
  readonly biggestFunction: BiggestFunction | undefined;
  /** Units of the function that credits recipients. */
  readonly creditWriteUnits: number;
  readonly creditReadUnits: number;
}

export interface BiggestFunction {
  readonly name: string;
  readonly peakMemoryMB: number;
}

const LARGE_BATCH = 1_000;
/** PrepareTransfer and FinalizeTransfer. */
const MESSAGES_OF_TRANSFER = 2;

/** @returns `undefined` where the authority's usage is unknown, or no payment was made */
export function figuresOf(result: CaseResult): CaseFigures | undefined {
  const { usage, transferCount } = result;
  const counts = countsOfCase(result);
  if (usage === undefined || counts === undefined) {
    return undefined;
  }
  const metric = (name: string) => (usage.metrics[name] ?? 0) / transferCount;
  const calls = (pattern: RegExp) => callsLike(usage, pattern) / transferCount;
  const credits = usage.functions['credit-recipients'] ?? NO_FUNCTION_USAGE;
  const handlerCpuMs = usage.cpu.handlers / transferCount;
  return {
    writeUnits: counts.writeUnits,
    readUnits: counts.readUnits,
    commits: metric('Commits'),
    commitsPerMessage: metric('Commits') / MESSAGES_OF_TRANSFER,
    conflicts: metric('Conflicts'),
    retries: metric('Retries'),
    invocations: counts.invocations,
    publishCalls: calls(/^Calls\.Publish/),
    queueCalls: calls(/^Calls\.(Send|Receive|Delete|Change)Message/),
    queueRequests: counts.queueRequests,
    handlerCpuMs,
    handlerCpuMsPerMessage: handlerCpuMs / MESSAGES_OF_TRANSFER,
    biggestFunction: biggestFunctionOf(usage),
    creditWriteUnits: credits.writeUnits / transferCount,
    creditReadUnits: credits.readUnits / transferCount,
  };
}

function callsLike({ metrics }: Usage, pattern: RegExp): number {
  return Object.entries(metrics).reduce((sum, [name, value]) => (pattern.test(name) ? sum + value : sum), 0);
}

function biggestFunctionOf({ functions }: Usage): BiggestFunction | undefined {
  const [first] = Object.entries(functions)
    .map(([name, { peakMemoryMB }]) => ({ name, peakMemoryMB }))
    .sort((one, other) => other.peakMemoryMB - one.peakMemoryMB);
  return first;
}

/** A case that broke off has no times. */
export function isTimed({ seconds }: CaseResult): boolean {
  return seconds > 0;
}

/** Whether messages could share batches; isolated transfers are measured for their cost alone. */
export function isBatched(result: CaseResult): boolean {
  return !isOneByOne(result.load);
}

/** Whether so many transfers were under way that batches are large. */
export function sharesBatches({ load }: CaseResult): boolean {
  return load.kind === 'under-way' && load.count >= LARGE_BATCH;
}

/**
 * The budget for the measured units. There is none if fewer transfers were made than the case has: the transfers of a
 * burst share its units, so a smaller burst says nothing.
 */
export function budgetOf(result: CaseResult): Budget | undefined {
  return isWhole(result) ? caseOf(result)?.budget : undefined;
}

/** Whether the case made all its transfers, or their number makes no difference. */
export function isWhole(result: CaseResult): boolean {
  return !isBatched(result) || result.transferCount >= (caseOf(result)?.transferCount ?? 0);
}

function caseOf({ name }: CaseResult): BenchCase | undefined {
  return CASES.find((benchCase) => benchCase.name === name);
}
