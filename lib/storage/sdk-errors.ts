/** Translates the AWS SDK's errors: tells lost races and unavailable tables from defects. */

import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { AccountKey } from '../rules/account.ts';
import { CommitConflictError, StoreUnavailableError } from './errors.ts';

/** Cancellation reasons that mean that another writer was first, or is writing now. As exceptions they end in `Exception`. */
const CONFLICTS: ReadonlySet<string> = new Set([
  'ConditionalCheckFailed',
  'TransactionConflict',
  'DuplicateItem',
]);

/** Those that mean that the call was not done, or that nobody knows whether it was. Later it may succeed. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'ThrottlingError',
  'Throttling',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'TransactionInProgress',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'RequestTimeout',
  'ReplicatedWriteConflict',
]);

const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Translates by cancellation reason; what is neither a conflict nor unavailability is returned as it is.
 * @param keys the account that each write of a failed commit belongs to, in the order of the writes
 */
export function translateError(error: unknown, keys: readonly AccountKey[] = []): unknown {
  const names = namesOf(error);
  const reasons = names.map((name) => name.replace(/Exception$/, ''));
  const [conflicting, ...others] = keys.filter((_, index) => CONFLICTS.has(reasons[index] ?? NO_REASON));
  if (conflicting !== undefined) {
    return new CommitConflictError(conflicting, { others, cause: error });
  }
  if (reasons.some((reason) => UNAVAILABLE.has(reason)) || isServerFault(error) || isNetworkFault(error)) {
    const told = new Set(names.filter((name) => name !== NO_REASON));
    return new StoreUnavailableError(`The table did not answer: ${[...told].join(', ')}.`, { cause: error });
  }
  return error;
}

/** The reason of a write that did not cause the cancellation of its transaction. */
const NO_REASON = 'None';

/** For a cancelled transaction one for each of its writes, in their order. */
function namesOf(error: unknown): string[] {
  if (error instanceof TransactionCanceledException) {
    return (error.CancellationReasons ?? []).map(({ Code = NO_REASON }) => Code);
  }
  return error instanceof Error ? [error.name] : [];
}

function isServerFault(error: unknown): boolean {
  return ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0) >= 500;
}

function isNetworkFault(error: unknown): boolean {
  return NETWORK_CODES.has((error as { code?: string }).code ?? '');
}
