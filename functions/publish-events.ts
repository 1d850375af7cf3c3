/** Lambda handler: every change of both tables, from their streams. */

import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { sqsChoreQueue } from '../lib/shell/chore-queue.ts';
import { snsEventTopics } from '../lib/shell/event-topics.ts';
import { type ItemChange, publishEvents } from '../lib/shell/publish-events.ts';
import { accountOfImage, recordOfImage, type StreamImage } from '../lib/storage/stream-image.ts';
import { TRANSFERS_TABLE } from '../lib/storage/table-schema.ts';
import { required, settings } from './runtime/environment.ts';
import { instrumented } from './runtime/instrumented.ts';
import { createSnsClient, createSqsClient } from './runtime/messaging.ts';
import { reportEarliest, sequenceNumberOf } from './runtime/stream-records.ts';
import { telemetry } from './runtime/telemetry.ts';

const tools = {
  topics: snsEventTopics(createSnsClient(), {
    to_creditors: required('TO_CREDITORS_TOPIC_ARN'),
    to_debtors: required('TO_DEBTORS_TOPIC_ARN'),
    to_coordinators: required('TO_COORDINATORS_TOPIC_ARN'),
  }),
  chores: sqsChoreQueue(createSqsClient(), required('CHORES_QUEUE_URL'), settings.accountUpdateDelaySeconds),
  settings,
  telemetry,
};

export const handler = instrumented<DynamoDBStreamEvent, DynamoDBBatchResponse>(async ({ Records }) =>
  reportEarliest(Records, await publishEvents(Records.map(changeOf), tools)),
);

function changeOf(record: DynamoDBRecord): ItemChange {
  const { OldImage, NewImage, Keys = {}, ApproximateCreationDateTime = 0 } = record.dynamodb ?? {};
  const [before, after] = [OldImage as StreamImage | undefined, NewImage as StreamImage | undefined];
  const isTransfer = TRANSFERS_TABLE.sortKey in Keys;
  return {
    sequenceNumber: sequenceNumberOf(record),
    recordedAt: BigInt(Math.round(ApproximateCreationDateTime * 1_000_000)),
    images: () =>
      isTransfer
        ? { table: 'transfers', before: recordOfImage(before), after: recordOfImage(after) }
        : { table: 'accounts', before: accountOfImage(before), after: accountOfImage(after) },
  };
}
