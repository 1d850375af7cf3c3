/** The edge to the AWS SDK's errors: which of them mean a lost race, which an unavailable table, and which a defect. */

import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { AccountKey } from '../rules/account.ts';
import { CommitConflictError, StoreUnavailableError } from './errors.ts';

/** Cancellation reasons, and names of exceptions, that mean another writer was first or is at it. */
const CONFLICTS: ReadonlySet<string> = new Set([
  'ConditionalCheckFailed',
  'ConditionalCheckFailedException',
  'TransactionConflict',
  'TransactionConflictException',
  'DuplicateItem',
]);

/** Those that mean: the call was not done, or nobody knows whether it was; later it may be. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'ThrottlingError',
  'ThrottlingException',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TransactionInProgressException',
  'InternalServerError',
  'ServiceUnavailable',
  'TimeoutError',
  'RequestTimeout',
  'ReplicatedWriteConflictException',
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
  const conflicting = keys[names.findIndex((name) => CONFLICTS.has(name))];
  if (conflicting !== undefined) {
    return new CommitConflictError(conflicting, { cause: error });
  }
  if (names.some((name) => UNAVAILABLE.has(name)) || isServerFault(error) || isNetworkFault(error)) {
    const reasons = new Set(names.filter((name) => name !== NO_REASON));
    return new StoreUnavailableError(`The table did not answer: ${[...reasons].join(', ')}.`, {
      cause: error,
    });
  }
  return error;
}

/** What is said of a write of a cancelled transaction that was not at fault. */
const NO_REASON = 'None';

/** Of a cancelled transaction one for each of its writes, in their order. */
function namesOf(error: unknown): string[] {
  if (error instanceof TransactionCanceledException) {
    return (error.CancellationReasons ?? []).map(({ Code = NO_REASON }) => Code);
  }
  return error instanceof Error ? [error.name] : [];
}

function isServerFault(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  return status >= 500;
}

function isNetworkFault(error: unknown): boolean {
  return NETWORK_CODES.has((error as { code?: string }).code ?? '');
}
