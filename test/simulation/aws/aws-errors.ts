/** The errors of AWS as the SDK throws them: the real classes where the code under test looks at them. */

import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
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
