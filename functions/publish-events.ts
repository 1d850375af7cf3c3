/** Lambda handler: every change of both tables, from their streams. */

import { sqsChoreQueue } from '../lib/shell/chore-queue.ts';
import { snsEventTopics } from '../lib/shell/event-topics.ts';
import { publishRecords } from '../lib/shell/publish-events.ts';
import { required, settings } from './runtime/environment.ts';
import { createSnsClient, createSqsClient } from './runtime/messaging.ts';
import { remainingTime } from './runtime/remaining-time.ts';
import { streamHandler } from './runtime/stream-handler.ts';
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

export const handler = streamHandler('publish-events', (records, context) =>
  publishRecords(records, { ...tools, hasTime: remainingTime(context) }),
);
