/**
 * Why a queue or a topic did not take a message: told by the error codes of SQS and SNS, both of whole calls and of single
 * entries of a batch. Only one kind of failure is about the message itself; all others end without anybody changing it.
 */

/**
 * - `throttled`: too many calls, of the service or of its key.
 * - `denied`: permissions, credentials, or the key that encrypts the queue or topic. It lasts until somebody repairs it.
 * - `refused`: for the content of the message, which will be refused again.
 * - `unavailable`: everything else. The service is out of order, nothing answered, the topic is missing, or the code is unknown.
 */
export type FailureKind = 'throttled' | 'denied' | 'refused' | 'unavailable';

/** What the service says of a failure: the fields of an error that was thrown, or of a failed entry. */
export interface FailureSigns {
  /** E.g. `InvalidParameter`, `ThrottledException`, `AWS.SimpleQueueService.NonExistentQueue`. */
  readonly code: string;
  readonly message: string;
  /** Whether the service blames itself. Then nothing is said about the message. */
  readonly isServerFault: boolean;
}

/** A failed entry of an answer of SQS or SNS. */
export interface FailedEntry {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

const THROTTLED =
  /^(.*Throttl(ed|ing)|ThrottlingError|TooManyRequests|RequestLimitExceeded|LimitExceeded|SlowDown|OverLimit)$/i;

/** Codes of permissions and credentials, and of keys other than the throttles above. */
const DENIED =
  /^(Kms.*|AccessDenied|Authorization(Error)?|NotAuthorized|Unauthorized.*|InvalidSecurity|OptInRequired|ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|MissingAuthenticationToken|InvalidAccessKeyId|IncompleteSignature|InvalidSignature|SignatureDoesNotMatch)$/i;

/** Codes of content: characters, attributes, and sizes. */
const REFUSED =
  /^(InvalidParameter|InvalidParameterValue|ParameterValueInvalid|InvalidMessageContents|InvalidAttributeValue|BatchRequestTooLong|RequestEntityTooLarge|Validation(Error)?|ParameterValueTooLong|MessageTooLong)$/i;

/** A refused parameter that is not part of the message: the call is wrong, or its topic or queue is. */
const ABOUT_ADDRESS = /TopicArn|TargetArn|QueueUrl|queue url|\baddress\b|does not exist/i;

export function failureKindOf({ code, message, isServerFault }: FailureSigns): FailureKind {
  const bare = code.replace(/^.*[.#]/, '').replace(/Exception$/, '');
  if (THROTTLED.test(bare)) {
    return 'throttled';
  }
  if (DENIED.test(bare)) {
    return 'denied';
  }
  const isAboutContent = REFUSED.test(bare) && !isServerFault && !ABOUT_ADDRESS.test(message);
  return isAboutContent ? 'refused' : 'unavailable';
}

/** The signs of an error that a call threw, whatever was thrown. */
export function signsOfError(error: unknown): FailureSigns {
  const { name, message, $fault, $metadata } = (error ?? {}) as {
    readonly name?: string;
    readonly message?: string;
    readonly $fault?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return {
    code: name ?? '',
    message: message ?? String(error),
    isServerFault: $fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500,
  };
}

/** The signs of one entry that the service names as failed, in a call that succeeded. */
export function signsOfEntry({ Code = '', Message = '', SenderFault }: FailedEntry): FailureSigns {
  return { code: Code, message: Message, isServerFault: SenderFault === false };
}

/** The failure in a line, for people: its code and the service's words. */
export function printSigns({ code, message }: FailureSigns): string {
  return message === '' ? code : `${code}: ${message}`;
}
