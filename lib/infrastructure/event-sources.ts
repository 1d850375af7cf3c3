/** Feeds functions from queues and streams. Every mapping takes reports of single failures, so that only those come again. */

import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  EventSourceMapping,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Batching, StreamBatching } from './batching-profiles.ts';

/**
 * How often a batch of stream records is tried again, each time halved when all of it fails. So records that fail again
 * and again stand alone soon, and hold up their shard for minutes, not for the day until they expire. What can't be read is
 * no failure: the functions keep it elsewhere.
 */
const STREAM_RETRY_ATTEMPTS = 10;

/** Feeds the function from the queue; `maxConcurrency` bounds how many of its invocations run at once. */
export function feedFromQueue(
  target: LambdaFunction,
  queue: Queue,
  { size, windowSeconds, maxConcurrency }: Batching & { readonly maxConcurrency?: number },
): void {
  new EventSourceMapping(target, 'QueueMapping', {
    target,
    eventSourceArn: queue.queueArn,
    batchSize: size,
    maxBatchingWindow: Duration.seconds(windowSeconds),
    reportBatchItemFailures: true,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  });
}

export interface StreamFeed {
  readonly table: Table;
  readonly batching: StreamBatching;
  /** Only records that match this pattern reach the function. */
  readonly pattern?: object;
  /** Gets a notice of records that are given up. */
  readonly failures: Queue;
}

/** Feeds the function from the table's stream, from the oldest record that the stream still has. */
export function feedFromStream(target: LambdaFunction, id: string, feed: StreamFeed): void {
  const { table, batching, pattern, failures } = feed;
  new EventSourceMapping(target, id, {
    target,
    eventSourceArn: table.tableStreamArn as string,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: batching.size,
    maxBatchingWindow: Duration.seconds(batching.windowSeconds),
    parallelizationFactor: batching.parallelBatchesPerShard,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: STREAM_RETRY_ATTEMPTS,
    // Not CDK's SqsDlq, which would grant more than sending; the function's own permissions include sending.
    onFailure: { bind: () => ({ destination: failures.queueArn }) },
    ...(pattern === undefined ? {} : { filters: [{ pattern: JSON.stringify(pattern) }] }),
  });
}
