/** Lambda handler: one synthetic payment, started by a schedule. */

import { sqsClientMailbox } from '../lib/shell/client-mailbox.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { makeSyntheticPayment } from '../lib/shell/synthetic-payment.ts';
import { required } from './runtime/environment.ts';
import { instrumented } from './runtime/instrumented.ts';
import { createSqsClient } from './runtime/messaging.ts';
import { remainingTime } from './runtime/remaining-time.ts';
import { telemetry } from './runtime/telemetry.ts';

const debtorId = BigInt(required('SYNTHETIC_DEBTOR_ID'));

const mailbox = sqsClientMailbox(createSqsClient(), {
  incomingQueueUrl: required('INCOMING_QUEUE_URL'),
  answersQueueUrl: required('ANSWERS_QUEUE_URL'),
});

export const handler = instrumented<object, void>((_, context) =>
  makeSyntheticPayment(debtorId, {
    mailbox,
    surroundings: REAL_SURROUNDINGS,
    telemetry,
    hasTime: remainingTime(context),
  }),
);
