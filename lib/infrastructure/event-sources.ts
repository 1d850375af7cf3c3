/**
 * Feeds functions from queues and streams. Every mapping takes reports of single failures, so that only those come again.
 * A mapping belongs to its function, also where it invokes the function's alias: another logical ID would make it a new mapping,
 * which begins at the oldest record of its stream.
 */

import {
  EventSourceMapping,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { invokedAs } from './live-alias.ts';
import type { LedgerTable } from './tables.ts';

/**
 * Stream records are tried again until they are this old, however often that is, so that a shorter outage gives nothing up.
 * It is less than the 24 hours for which DynamoDB keeps them, so that Lambda's notice of records that are given up can still
 * be written, and its records read. Unreadable records are no failure: the functions keep them elsewhere.
 */
const MAX_RECORD_AGE = Duration.hours(20);

export interface QueueFeed {
  readonly batchSize: number;
  /** How long a batch that is not full waits for more messages. Lambda refuses 0 for a batch of more than ten. */
  readonly windowSeconds: number;
  /** How many invocations of the function run at once. */
  readonly maxConcurrency: number;
}

export function feedFromQueue(
  target: LambdaFunction,
  queue: Queue,
  { batchSize, windowSeconds, maxConcurrency }: QueueFeed,
): void {
  new EventSourceMapping(target, 'QueueMapping', {
    target: invokedAs(target),
    eventSourceArn: queue.queueArn,
    batchSize,
    maxBatchingWindow: Duration.seconds(windowSeconds),
    reportBatchItemFailures: true,
    maxConcurrency,
  });
}

export interface StreamFeed {
  readonly table: LedgerTable;
  /** At most so many records of what is there. No batch waits for more. */
  readonly batchSize: number;
  /** The records of one item stay in order in any case. */
  readonly parallelBatchesPerShard: number;
  /** Only records that match this pattern reach the function. */
  readonly pattern?: object;
  /** Gets Lambda's notice of records that are given up. */
  readonly notices: Queue;
}

/** Feeds the function from the table's stream, from the oldest record that the stream still has. */
export function feedFromStream(target: LambdaFunction, id: string, feed: StreamFeed): void {
  const { table, batchSize, parallelBatchesPerShard, pattern, notices } = feed;
  new EventSourceMapping(target, id, {
    target: invokedAs(target),
    eventSourceArn: table.tableStreamArn as string,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize,
    maxBatchingWindow: Duration.seconds(0),
    parallelizationFactor: parallelBatchesPerShard,
    reportBatchItemFailures: true,
    // For a record that makes an invocation fail as a whole. A reported failure cuts the batch instead.
    bisectBatchOnError: true,
    retryAttempts: -1,
    maxRecordAge: MAX_RECORD_AGE,
    // Not CDK's SqsDlq, which would grant more than sending; the function's own permissions include sending.
    onFailure: { bind: () => ({ destination: notices.queueArn }) },
    ...(pattern === undefined ? {} : { filters: [{ pattern: JSON.stringify(pattern) }] }),
  });
}
