/** The errors of AWS as the SDK throws them: the real classes where the code under test looks at them. */

import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';

function metadata(httpStatusCode: number) {
  return { httpStatusCode, requestId: 'simulated', attempts: 1, totalRetryDelay: 0 };
}

export function validationError(message: string): Error {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    $fault: 'client',
    message,
    $metadata: metadata(400),
  });
}

/** What SNS says when it takes nothing: out of order, too busy, or because of permissions, keys or topics. */
export function topicErrors(): Error[] {
  return [
    ['InternalErrorException', 500],
    ['ThrottledException', 429],
    ['AuthorizationErrorException', 403],
    ['KMSDisabledException', 400],
    ['KMSAccessDeniedException', 400],
    ['NotFoundException', 404],
  ].map(([name, status]) =>
    Object.assign(new Error('No topic takes anything'), { name, $metadata: metadata(Number(status)) }),
  );
}

/** What SNS says in an outage. */
export function topicsDown(): Error {
  return topicErrors()[0] as Error;
}

export function conditionFailed(): Error {
  return new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: metadata(400),
  });
}

/** @param codes one for each item of the transaction; `None` where the item was not the cause */
export function transactionCanceled(codes: readonly string[]): Error {
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => ({ Code })),
    $metadata: metadata(400),
  });
}

export function transactionConflict(): Error {
  return new TransactionConflictException({
    message: 'Transaction is ongoing for the item',
    $metadata: metadata(400),
  });
}

export function throughputExceeded(): Error {
  return new ProvisionedThroughputExceededException({
    message: 'The level of configured provisioned throughput for the table was exceeded.',
    $metadata: metadata(400),
  });
}

/** What the API itself says when it is asked too much, whatever the table. */
export function throttled(): Error {
  return new DynamoDBServiceException({
    name: 'ThrottlingException',
    $fault: 'client',
    message: 'Rate exceeded',
    $metadata: metadata(400),
  });
}

/** The same transaction is still being done, from a request whose answer was missed. */
export function transactionInProgress(): Error {
  return new TransactionInProgressException({
    message: 'The transaction with the given request token is already in progress.',
    $metadata: metadata(400),
  });
}

export const ODD_ERROR = 'AccessDeniedException';

/** Errors that nobody has thought of: a key that can't be used, a permission that is missing. */
export function oddError(): Error {
  return new DynamoDBServiceException({
    name: ODD_ERROR,
    $fault: 'client',
    message: 'The key of the table can not be used now.',
    $metadata: metadata(400),
  });
}

export function internalServerError(): Error {
  return new InternalServerError({ message: 'Internal server error', $metadata: metadata(500) });
}

/** The outcome of the call is unknown. */
export function timeout(): Error {
  return Object.assign(new Error('Request timed out'), { name: 'TimeoutError' });
}

export function connectionReset(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

/** SQS and SNS use the same error names. */
export function serviceUnavailable(): Error {
  return Object.assign(new Error('Service unavailable'), {
    name: 'ServiceUnavailable',
    $metadata: metadata(503),
  });
}
