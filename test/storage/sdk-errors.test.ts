/** What the errors of the AWS SDK mean: a lost race, an unavailable table, or a defect that must not be retried. */

import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { CommitConflictError, StoreUnavailableError } from '../../lib/storage/errors.ts';
import { translateError } from '../../lib/storage/sdk-errors.ts';

const KEYS = Array.from({ length: 3 }, () => ({ debtorId: 1n, creditorId: 2n }));

function cancelled(...codes: string[]): TransactionCanceledException {
  return new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

function sdkError(name: string, httpStatusCode = 400): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name,
    message: name,
    $fault: 'client',
    $metadata: { httpStatusCode },
  });
}

describe('an error of the SDK', () => {
  it.each([
    ['a failed condition', new ConditionalCheckFailedException({ message: 'x', $metadata: {} })],
    ['a conflict with a transaction', sdkError('TransactionConflictException')],
    ['a transaction with a failed condition', cancelled('None', 'ConditionalCheckFailed', 'None')],
    ['a transaction that met another one', cancelled('TransactionConflict')],
    ['a transaction whose item was there twice', cancelled('DuplicateItem')],
    [
      'a transaction that met another one and was throttled',
      cancelled('ThrottlingError', 'TransactionConflict'),
    ],
  ])('that is %s means a lost race', (_case, error) => {
    const translated = translateError(error, KEYS);
    expect(translated).toBeInstanceOf(CommitConflictError);
    expect(translated).toMatchObject({
      message: 'Account 1:2 was changed by another writer.',
      accounts: [{ debtorId: 1n, creditorId: 2n }],
      cause: error,
    });
  });

  it('names one account where no others are known', () => {
    const account = { debtorId: 1n, creditorId: 2n };
    expect(new CommitConflictError(account).accounts).toStrictEqual([account]);
  });

  it('names the accounts whose writes were not done, and no others', () => {
    const keys = [1n, 2n, 3n, 4n].map((creditorId) => ({ debtorId: 1n, creditorId }));
    const error = cancelled('None', 'TransactionConflict', 'ThrottlingError', 'ConditionalCheckFailed');
    expect(translateError(error, keys)).toMatchObject({
      message: 'Account 1:2 was changed by another writer.',
      accounts: [keys[1], keys[3]],
    });
  });

  it.each([
    ['a throttle', sdkError('ThrottlingException')],
    ['a throttled table', sdkError('ProvisionedThroughputExceededException')],
    ['a throttled account', sdkError('RequestLimitExceeded')],
    ['a transaction that was throttled', cancelled('None', 'ThrottlingError')],
    ['a transaction beyond the capacity', cancelled('ProvisionedThroughputExceeded')],
    ['the same transaction under way', sdkError('TransactionInProgressException')],
    ['a fault of the server', sdkError('InternalServerError', 500)],
    ['a fault of the server without a known name', sdkError('SomethingNew', 503)],
    ['a fault of the server with the lowest of its codes', sdkError('SomethingNew', 500)],
    ['a fault of the server that is known by its name', sdkError('InternalServerError')],
    ['a server that is not there', sdkError('ServiceUnavailable')],
    ['a request that came too late', sdkError('RequestTimeout')],
    ['a conflict between replicas', sdkError('ReplicatedWriteConflictException')],
    ['a time-out', Object.assign(new Error('late'), { name: 'TimeoutError' })],
    ['a connection that was reset', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['a connection that was refused', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['a name that was not found', Object.assign(new Error('dns'), { code: 'ENOTFOUND' })],
  ])('that is %s means that the table is unavailable', (_case, error) => {
    const translated = translateError(error, KEYS);
    expect(translated).toBeInstanceOf(StoreUnavailableError);
    expect(translated).toHaveProperty('cause', error);
    expect(translateError(error)).toBeInstanceOf(StoreUnavailableError);
  });

  it('is told with its reasons, each once', () => {
    const error = cancelled(
      'None',
      'ThrottlingError',
      'None',
      'ThrottlingError',
      'ProvisionedThroughputExceeded',
    );
    expect(translateError(error)).toMatchObject({
      message: 'The table did not answer: ThrottlingError, ProvisionedThroughputExceeded.',
    });
  });

  it('may be a cancellation without reasons, or with one that has no code', () => {
    const fault = { message: 'cancelled', $metadata: { httpStatusCode: 500 } };
    const silent = new TransactionCanceledException(fault);
    const withoutCode = new TransactionCanceledException({ ...fault, CancellationReasons: [{}] });
    expect(translateError(silent)).toMatchObject({ message: 'The table did not answer: .' });
    expect(translateError(withoutCode)).toMatchObject({ message: 'The table did not answer: .' });
  });

  it.each([
    ['a request that is invalid', sdkError('ValidationException')],
    ['a table that is missing', sdkError('ResourceNotFoundException')],
    ['a permission that is missing', sdkError('AccessDeniedException')],
    ['a transaction that is invalid', cancelled('None', 'ValidationError')],
    ['a token that was used for another transaction', sdkError('IdempotentParameterMismatchException')],
    ['only named almost like a throttle', sdkError('ThrottlingExceptionError')],
    ['a defect of our own', new TypeError('undefined is not a function')],
    ['no error at all', 'just a text'],
  ])('that is %s is left as it is', (_case, error) => {
    expect(translateError(error, KEYS)).toBe(error);
  });

  it('is no lost race where nothing was written', () => {
    const error = sdkError('TransactionConflictException');
    expect(translateError(error)).toBe(error);
  });
});
