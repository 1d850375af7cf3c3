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

/** Translates by cancellation reason; what is neither a conflict nor unavailability is returned as it is. */
export function translateError(error: unknown, key?: AccountKey): unknown {
  const names = namesOf(error);
  if (key !== undefined && names.some((name) => CONFLICTS.has(name))) {
    return new CommitConflictError(key, { cause: error });
  }
  if (names.some((name) => UNAVAILABLE.has(name)) || isServerFault(error) || isNetworkFault(error)) {
    return new StoreUnavailableError(`The table did not answer: ${names.join(', ')}.`, { cause: error });
  }
  return error;
}

function namesOf(error: unknown): string[] {
  if (error instanceof TransactionCanceledException) {
    return (error.CancellationReasons ?? [])
      .map(({ Code = 'None' }) => Code)
      .filter((code) => code !== 'None');
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
