/** Lambda handler: publishes again what the streams have given up; started by a schedule and continued through its queue. */

import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { snsEventTopics } from '../lib/shell/event-topics.ts';
import { sqsNoticeQueue } from '../lib/shell/notice-queue.ts';
import { continuePublishingAgain } from '../lib/shell/publish-again.ts';
import { parseRepeatTask } from '../lib/shell/repeat-tasks.ts';
import { sqsSweepQueue } from '../lib/shell/sweep-queue.ts';
import { takeNotices } from '../lib/shell/take-notices.ts';
import { required, settings } from './runtime/environment.ts';
import { instrumented } from './runtime/instrumented.ts';
import { createTableScan, invocationOf } from './runtime/invocations.ts';
import { createSnsClient, createSqsClient } from './runtime/messaging.ts';
import type { SweepStart } from './runtime/sweep-handler.ts';

const sqs = createSqsClient();
const tools = {
  queue: sqsSweepQueue(sqs, required('SWEEP_QUEUE_URL')),
  notices: sqsNoticeQueue(sqs, required('FAILURE_NOTICES_QUEUE_URL')),
  accountsTableName: required('ACCOUNTS_TABLE_NAME'),
  scan: createTableScan(),
  topics: snsEventTopics(createSnsClient(), {
    to_creditors: required('TO_CREDITORS_TOPIC_ARN'),
    to_debtors: required('TO_DEBTORS_TOPIC_ARN'),
    to_coordinators: required('TO_COORDINATORS_TOPIC_ARN'),
  }),
};

export const handler = instrumented<SQSEvent | SweepStart, SQSBatchResponse>(async (event, context) => {
  const writesPerSecond = settings.sweepWritesPerSecond;
  const invocation = { ...invocationOf(context), ...tools, writesPerSecond };
  const batchItemFailures: SQSBatchItemFailure[] = [];
  if ('sweep' in event) {
    await takeNotices(invocation);
    return { batchItemFailures };
  }
  for (const { messageId, body } of event.Records) {
    if (!(await continuePublishingAgain(parseRepeatTask(body), invocation))) {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
});
