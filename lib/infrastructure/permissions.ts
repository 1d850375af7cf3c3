/**
 * The permissions of the functions' roles. CDK's own grants (`grantReadWriteData` and the like) are not used, because each
 * allows more than any function does.
 */

import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LedgerTable } from './tables.ts';

export type TableAction =
  | 'BatchGetItem'
  | 'DeleteItem'
  | 'DescribeTable'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan';

/** Allows exactly these actions on exactly these resources. */
export function allow(resources: string[], actions: string[]): PolicyStatement {
  return new PolicyStatement({ resources, actions });
}

/** Actions on items; IAM checks those inside transactions one by one, under the same names. */
export function onTable(table: LedgerTable, ...actions: TableAction[]): PolicyStatement {
  return allow(
    [table.tableArn],
    actions.map((action) => `dynamodb:${action}`),
  );
}

export function sendTo(queue: Queue): PolicyStatement {
  return allow([queue.queueArn], ['sqs:SendMessage']);
}

export function publishTo(...topics: Topic[]): PolicyStatement {
  return allow(
    topics.map(({ topicArn }) => topicArn),
    ['sns:Publish'],
  );
}

/** Lets the function itself decide when its queue's messages come again. */
export function delay(queue: Queue): PolicyStatement {
  return allow([queue.queueArn], [DELAYING]);
}
export const DELAYING = 'sqs:ChangeMessageVisibility';

/** What Lambda needs in the function's role to feed it from a queue, and the function to take messages itself. */
export const CONSUMING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

export function consume(queue: Queue): PolicyStatement {
  return allow([queue.queueArn], CONSUMING);
}

/** What Lambda needs in the function's role to feed it from the streams of tables. */
export function readStreams(...tables: LedgerTable[]): PolicyStatement {
  return allow(
    tables.map(({ tableStreamArn }) => tableStreamArn as string),
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  );
}
