/** What the error codes of SQS and SNS mean: for each code that their API references name, and for some that they don't. */

import { describe, expect, it } from 'vitest';
import {
  type FailedEntry,
  type FailureKind,
  failureKindOf,
  printSigns,
  signsOfEntry,
  signsOfError,
} from '../../lib/shell/send-failures.ts';

/** An error as the SDK throws it. */
function thrown(name: string, { message = 'why', status = 400 } = {}) {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

describe('The error of a whole call', () => {
  it.each<[FailureKind, string, { message?: string; status?: number }?]>([
    // Both services: common errors.
    ['throttled', 'Throttling'],
    ['throttled', 'ThrottlingException'],
    ['throttled', 'TooManyRequestsException', { status: 429 }],
    ['denied', 'AccessDenied', { status: 403 }],
    ['denied', 'AccessDeniedException'],
    ['denied', 'ExpiredTokenException', { status: 403 }],
    ['denied', 'ExpiredToken', { status: 403 }],
    ['denied', 'IncompleteSignature', { status: 403 }],
    ['denied', 'SignatureDoesNotMatch', { status: 403 }],
    ['denied', 'InvalidClientTokenId', { status: 403 }],
    ['denied', 'UnrecognizedClientException', { status: 403 }],
    ['denied', 'MissingAuthenticationToken', { status: 403 }],
    ['denied', 'NotAuthorized'],
    ['denied', 'UnauthorizedException', { status: 401 }],
    ['denied', 'UnauthorizedOperation', { status: 403 }],
    ['denied', 'OptInRequired', { status: 403 }],
    ['denied', 'RequestExpired'],
    ['unavailable', 'InternalFailure', { status: 500 }],
    ['unavailable', 'ServiceUnavailable', { status: 503 }],
    ['unavailable', 'TimeoutError'],
    ['unavailable', 'ECONNREFUSED'],
    ['refused', 'ValidationError'],
    // Publish and PublishBatch of SNS.
    ['throttled', 'ThrottledException', { status: 429 }],
    ['throttled', 'KMSThrottlingException'],
    ['throttled', 'KMSThrottling'],
    ['denied', 'AuthorizationErrorException', { status: 403 }],
    ['denied', 'AuthorizationError', { status: 403 }],
    ['denied', 'AuthorizationException', { status: 403 }],
    ['denied', 'InvalidSecurityException', { status: 403 }],
    ['denied', 'KMSAccessDeniedException'],
    ['denied', 'KMSDisabledException'],
    ['denied', 'KMSInvalidStateException'],
    ['denied', 'KMSNotFoundException'],
    ['denied', 'KMSOptInRequired', { status: 403 }],
    ['refused', 'InvalidParameterException', { message: 'Invalid parameter: Message too long' }],
    ['refused', 'InvalidParameter', { message: 'Invalid parameter: Message too long' }],
    ['refused', 'InvalidParameterValueException'],
    ['refused', 'ParameterValueInvalid'],
    ['refused', 'ValidationException'],
    ['refused', 'BatchRequestTooLongException'],
    ['unavailable', 'InvalidParameterException', { message: 'Invalid parameter: TopicArn' }],
    ['unavailable', 'NotFoundException', { message: 'Topic does not exist', status: 404 }],
    ['unavailable', 'NotFound', { message: 'Topic does not exist', status: 404 }],
    ['unavailable', 'EndpointDisabledException'],
    ['unavailable', 'PlatformApplicationDisabledException'],
    ['unavailable', 'InternalErrorException', { status: 500 }],
    ['unavailable', 'BatchEntryIdsNotDistinctException'],
    ['unavailable', 'EmptyBatchRequestException'],
    ['unavailable', 'InvalidBatchEntryIdException'],
    ['unavailable', 'TooManyEntriesInBatchRequestException'],
    // SendMessage and SendMessageBatch of SQS.
    ['throttled', 'RequestThrottled'],
    ['throttled', 'KmsThrottled'],
    ['throttled', 'OverLimit', { status: 403 }],
    ['denied', 'InvalidSecurity'],
    ['denied', 'KmsAccessDenied'],
    ['denied', 'KmsDisabled'],
    ['denied', 'KmsInvalidKeyUsage'],
    ['denied', 'KmsInvalidState'],
    ['denied', 'KmsNotFound'],
    ['denied', 'KmsOptInRequired'],
    ['refused', 'InvalidMessageContents'],
    ['refused', 'InvalidParameterValue', { message: 'One or more parameters are invalid.' }],
    ['refused', 'InvalidAttributeValue'],
    ['refused', 'BatchRequestTooLong'],
    ['refused', 'AWS.SimpleQueueService.BatchRequestTooLong'],
    ['refused', 'com.amazonaws.sqs#BatchRequestTooLong'],
    ['unavailable', 'InvalidAddress', { message: 'The specified ID is invalid.' }],
    ['unavailable', 'InvalidParameterValue', { message: 'The address is not valid for this endpoint.' }],
    ['unavailable', 'QueueDoesNotExist'],
    ['unavailable', 'AWS.SimpleQueueService.NonExistentQueue'],
    ['unavailable', 'UnsupportedOperation'],
    // What a service blames on itself says nothing about the message.
    ['unavailable', 'InvalidParameterException', { status: 500 }],
    ['unavailable', 'NobodyKnowsThisException'],
    ['unavailable', ''],
    // Codes that only begin or end like a known one are unknown, too.
    ['unavailable', 'TopicLimitExceededException'],
    ['unavailable', 'LimitExceededForTopics'],
    ['unavailable', 'EC2AccessDeniedException'],
    ['unavailable', 'AuthorizationPendingException'],
    ['unavailable', 'SchemaValidationException'],
    ['unavailable', 'InvalidParameterCombination'],
    ['unavailable', 'ValidationExceptionError'],
  ])('is %s for %s', (kind, name, details) => {
    expect(failureKindOf(signsOfError(thrown(name, details)))).toBe(kind);
  });

  it('is unavailable when the fault is called the server’s, or when no error was thrown', () => {
    expect(failureKindOf(signsOfError({ name: 'InvalidParameterValue', $fault: 'server' }))).toBe(
      'unavailable',
    );
    expect(failureKindOf(signsOfError(undefined))).toBe('unavailable');
    expect(printSigns(signsOfError('a text'))).toBe(': a text');
  });
});

describe('A failed entry', () => {
  it.each<readonly [FailureKind, FailedEntry]>([
    ['throttled', { Code: 'ThrottledException', SenderFault: true }],
    ['throttled', { Code: 'KMSThrottling', SenderFault: false }],
    ['denied', { Code: 'AuthorizationError', SenderFault: true }],
    ['denied', { Code: 'KMSAccessDenied', SenderFault: true }],
    [
      'refused',
      { Code: 'InvalidParameter', Message: 'Invalid parameter: Message too long', SenderFault: true },
    ],
    ['refused', { Code: 'InvalidParameterValue', SenderFault: true }],
    ['refused', { Code: 'InvalidMessageContents', SenderFault: true }],
    ['refused', { Code: 'InvalidMessageContents' }],
    ['unavailable', { Code: 'InvalidParameter', SenderFault: false }],
    ['unavailable', { Code: 'InternalError', SenderFault: false }],
    ['unavailable', { Code: 'NotFound', Message: 'Topic does not exist', SenderFault: true }],
    ['unavailable', {}],
  ])('is %s for %j', (kind, entry) => {
    expect(failureKindOf(signsOfEntry(entry))).toBe(kind);
  });
});

describe('A failure in a line', () => {
  it('has the code and the words of the service', () => {
    expect(printSigns(signsOfEntry({ Code: 'InvalidParameter', Message: 'too long' }))).toBe(
      'InvalidParameter: too long',
    );
    expect(printSigns(signsOfError(thrown('Throttling', { message: '' })))).toBe('Throttling');
  });

  it('has as much of it as the service names of an entry', () => {
    expect(printSigns(signsOfEntry({ Code: 'InternalError' }))).toBe('InternalError');
    expect(printSigns(signsOfEntry({ Message: 'out of order' }))).toBe(': out of order');
  });
});
