/** Creates the queues and topics. Who reads or writes them is in accounting-stack.ts. */

import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { CHORES } from './batch-sizes.ts';
import { FUNCTION_TIMEOUTS, type FunctionName } from './functions.ts';

export interface Queues {
  readonly incoming: Queue;
  /** Refused messages, which the function puts here with the reason. */
  readonly deadLetter: Queue;
  /** Valid messages that failed too often: money that was not moved. */
  readonly givenUp: Queue;
  readonly chores: Queue;
  readonly choresDeadLetter: Queue;
  /** The rest of a sweep over the accounts, and of one over the transfers. */
  readonly accountsSweep: Queue;
  readonly transfersSweep: Queue;
  readonly sweepsDeadLetter: Queue;
  /** The schedules' starts of sweeps that failed. */
  readonly failedStarts: Queue;
  /** Stream records that are unreadable, or whose messages a topic refuses, whole: work for a person. */
  readonly streamFailures: Queue;
  /** Lambda's notices of batches that were given up: work for the function publish-again. */
  readonly failureNotices: Queue;
  /** The rest of publishing again. */
  readonly publishAgain: Queue;
}

export interface Topics {
  readonly toCreditors: Topic;
  readonly toDebtors: Topic;
  readonly toCoordinators: Topic;
}

/** SQS's longest. The protocol's own deduplication covers this time. */
const RETENTION = Duration.days(14);

/** The largest body that SQS accepted when the protocol was made; it refuses larger ones. */
export const MAX_INCOMING_BYTES = 256 * 1024;

/**
 * SQS's largest. A refused body always fits, together with the attributes that say why. So does a stream record with two
 * images of DynamoDB's largest items, unless much of their text must be escaped.
 */
const MAX_KEPT_BYTES = 1024 * 1024;

/**
 * SQS's maximum. Invalid messages don't come back; those that do met lost races, throttles and outages, so this bounds the
 * outage that needs nobody. Functions hand messages back with a delay (lib/shell/return-delay.ts), and 1,000 of these are five
 * days or more. Where functions fail as a whole, 1,000 visibility timeouts of four minutes are almost three days.
 */
export const MAX_RECEIVE_COUNT_OF_INCOMING = 1_000;

/**
 * After so many failures a chore is left to the sweep over accounts. No outage of a day does that: 400 of the delays are two
 * days or more, and 400 visibility timeouts are 26 hours.
 */
const MAX_RECEIVE_COUNT_OF_CHORES = 400;

/**
 * A part of a sweep that fails this often is left to the next sweep. No outage of a day does that: 250 times six minutes are 25
 * hours. Until then the sweep counts as under way, and no other begins.
 */
const MAX_RECEIVE_COUNT_IN_SWEEPS = 250;

/**
 * What can't be published again now comes again after this time, and nothing else makes up for it. 1,000 times a quarter of an hour
 * are ten days; three more are left for a person, before a message is 14 days old and SQS forgets it.
 */
const PUBLISH_AGAIN_PAUSE = Duration.minutes(15);
const MAX_RECEIVE_COUNT_IN_PUBLISHING_AGAIN = 1_000;

export function createQueues(scope: Construct): Queues {
  const deadLetter = createQueue(scope, 'DeadLetters', { maxMessageSizeBytes: MAX_KEPT_BYTES });
  const givenUp = createQueue(scope, 'GivenUp', {});
  const choresDeadLetter = createQueue(scope, 'ChoresDeadLetters', {});
  const sweepsDeadLetter = createQueue(scope, 'SweepsDeadLetters', {});
  const sweep = (id: string, functionName: FunctionName) =>
    createQueue(scope, id, {
      visibilityTimeout: visibilityTimeout(FUNCTION_TIMEOUTS[functionName], 0),
      deadLetterQueue: { queue: sweepsDeadLetter, maxReceiveCount: MAX_RECEIVE_COUNT_IN_SWEEPS },
    });
  return {
    deadLetter,
    givenUp,
    choresDeadLetter,
    sweepsDeadLetter,
    failedStarts: createQueue(scope, 'FailedStarts', {}),
    accountsSweep: sweep('AccountsSweep', 'sweep-accounts'),
    transfersSweep: sweep('TransfersSweep', 'sweep-transfers'),
    incoming: createQueue(scope, 'Incoming', {
      maxMessageSizeBytes: MAX_INCOMING_BYTES,
      visibilityTimeout: visibilityTimeout(FUNCTION_TIMEOUTS['process-messages'], 0),
      deadLetterQueue: { queue: givenUp, maxReceiveCount: MAX_RECEIVE_COUNT_OF_INCOMING },
    }),
    chores: createQueue(scope, 'Chores', {
      visibilityTimeout: visibilityTimeout(FUNCTION_TIMEOUTS['run-chores'], CHORES.windowSeconds),
      deadLetterQueue: { queue: choresDeadLetter, maxReceiveCount: MAX_RECEIVE_COUNT_OF_CHORES },
    }),
    streamFailures: createQueue(scope, 'StreamFailures', { maxMessageSizeBytes: MAX_KEPT_BYTES }),
    failureNotices: createQueue(scope, 'FailureNotices', {}),
    publishAgain: createQueue(scope, 'PublishAgainTasks', {
      visibilityTimeout: PUBLISH_AGAIN_PAUSE,
      deadLetterQueue: { queue: sweepsDeadLetter, maxReceiveCount: MAX_RECEIVE_COUNT_IN_PUBLISHING_AGAIN },
    }),
  };
}

export function createTopics(scope: Construct): Topics {
  // The key `aws/sns`: its policy admits every publisher of this account that may use SNS. SNS decrypts before it
  // delivers, so subscribers of any account need no permission. Only publishers of other accounts are shut out.
  const masterKey = Alias.fromAliasName(scope, 'SnsKey', 'alias/aws/sns');
  return {
    toCreditors: new Topic(scope, 'ToCreditors', { masterKey, enforceSSL: true }),
    toDebtors: new Topic(scope, 'ToDebtors', { masterKey, enforceSSL: true }),
    toCoordinators: new Topic(scope, 'ToCoordinators', { masterKey, enforceSSL: true }),
  };
}

/** A queue as all of this project's are. */
export function createQueue(scope: Construct, id: string, props: QueueProps): Queue {
  return new Queue(scope, id, {
    retentionPeriod: RETENTION,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    ...props,
  });
}

/** As Lambda advises: long enough to retry a throttled batch before SQS gives its messages to another invocation. */
export function visibilityTimeout(functionTimeoutSeconds: number, windowSeconds: number): Duration {
  return Duration.seconds(6 * functionTimeoutSeconds + windowSeconds);
}
