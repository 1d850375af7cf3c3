/** Feeds records of an emulated stream to a real handler as Lambda does, and sends notices of records that are given up. */

import { listShards, ShardReader, type StreamRecord } from '../../lib/local/emulators/table-stream.ts';
import { printFailureNotice } from '../../lib/local/lambda/failure-notice.ts';
import { handleStreamBatch } from '../../lib/local/lambda/stream-attempts.ts';
import type { EmulatedStack } from './emulated-stack.ts';

/** A Lambda handler of stream events, whatever its types. */
// biome-ignore lint/suspicious/noExplicitAny: Lambda hands over JSON
export type StreamHandler = (event: any, context: any, callback: any) => unknown;

const CONTEXT = {
  functionName: 'test',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
  memoryLimitInMB: '1024',
  awsRequestId: 'test',
  getRemainingTimeInMillis: () => 30_000,
};

/** The function's environment; set before its handler is imported. */
export function functionEnvironment({ outputs }: EmulatedStack): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_SQS: outputs.Endpoint ?? '',
    AWS_ENDPOINT_URL_SNS: outputs.Endpoint ?? '',
    AWS_ENDPOINT_URL_DYNAMODB: outputs.DynamoDbEndpoint ?? '',
    ACCOUNTS_TABLE_NAME: outputs.AccountsTableName ?? '',
    TRANSFERS_TABLE_NAME: outputs.TransfersTableName ?? '',
    TO_CREDITORS_TOPIC_ARN: outputs.ToCreditorsTopicArn ?? '',
    TO_DEBTORS_TOPIC_ARN: outputs.ToDebtorsTopicArn ?? '',
    TO_COORDINATORS_TOPIC_ARN: outputs.ToCoordinatorsTopicArn ?? '',
    CHORES_QUEUE_URL: outputs.ChoresQueueUrl ?? '',
    STREAM_FAILURES_QUEUE_URL: outputs.StreamFailuresQueueUrl ?? '',
    STACK_NAME: 'Test',
    POWERTOOLS_SERVICE_NAME: 'test',
    POWERTOOLS_METRICS_NAMESPACE: 'test',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
}

export interface FeedOptions {
  readonly table: 'Accounts' | 'Transfers';
  /** As the stack would name the function. */
  readonly functionName: string;
  readonly handler: StreamHandler;
  readonly isWanted?: (record: StreamRecord) => boolean;
}

/**
 * Handles everything that the stream has, once, in one batch that is tried twice from its first failed record on.
 * @returns how many invocations failed, or reported a failed record
 */
export async function feedStream(stack: EmulatedStack, options: FeedOptions): Promise<number> {
  let failureCount = 0;
  const { table, functionName, handler, isWanted = () => true } = options;
  const streamArn = stack.streamArns[table];
  for (const { ShardId } of await listShards(stack.dynamoDb, streamArn)) {
    const reader = new ShardReader(stack.dynamoDb, { streamArn, shardId: ShardId }, undefined);
    const records = ((await reader.read(1_000)) ?? []).filter(isWanted);
    await handleStreamBatch(
      records,
      {
        invoke: async (event) => ({
          kind: 'returned',
          value: await handler(JSON.parse(event), CONTEXT, () => {}),
        }),
        reportsItemFailures: true,
        bisects: true,
        maxRetryAttempts: 1,
        maxRecordAgeSeconds: -1,
        ageOf: () => 0,
        onFailure: () => {
          failureCount += 1;
        },
        onDone: () => {},
        pause: async () => {},
        onGivenUp: (givenUp) =>
          stack.queues.FailureNotices.send(
            printFailureNotice({
              ...givenUp,
              functionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
              streamArn,
              shardId: ShardId,
            }),
          ),
      },
      new AbortController().signal,
    );
  }
  return failureCount;
}
