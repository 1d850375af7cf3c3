/** Lambda handler: messages for one peer, from its queue to its STOMP servers. */

import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sendOverConnection } from '../lib/peers/sender/peer-connection.ts';
import { sendToPeer } from '../lib/peers/sender/send-to-peer.ts';
import { sqsDeadLetterQueue } from '../lib/shell/dead-letter-queue.ts';
import { returnDelayForPeerSeconds } from '../lib/shell/return-delay.ts';
import { sqsSourceQueue } from '../lib/shell/source-queue.ts';
import { REAL_SURROUNDINGS } from '../lib/shell/surroundings.ts';
import { deliveryOf } from './runtime/deliveries.ts';
import { required } from './runtime/environment.ts';
import { instrumented } from './runtime/instrumented.ts';
import { createSqsClient } from './runtime/messaging.ts';
import { outgoingMessage, reportTo } from './runtime/outgoing-messages.ts';
import { readDestination } from './runtime/peer-file.ts';
import { stompIdentity } from './runtime/stomp-identity.ts';
import { telemetry } from './runtime/telemetry.ts';

/** A connection needs so long to be made; what it has not done then is done by the next invocation. */
const TIME_TO_CONNECT_MS = 20_000;
/** For putting aside what was refused. */
const TIME_TO_FINISH_MS = 5_000;

const destination = readDestination();
const sqs = createSqsClient();
const source = sqsSourceQueue(sqs, required('SOURCE_QUEUE_URL'));
const undelivered = sqsDeadLetterQueue(sqs, required('UNDELIVERED_QUEUE_URL'));
/** How long an invocation waits for a peer that can't be reached; its whole time unless this is set, as locally. */
const patienceMs = Number(process.env.SENDER_PATIENCE_SECONDS ?? Number.POSITIVE_INFINITY) * 1_000;
const { pause, random } = REAL_SURROUNDINGS;

export const handler = instrumented<SQSEvent, SQSBatchResponse>(async ({ Records }, context) => {
  const identity = await stompIdentity();
  const remainingMs = (): number => context.getRemainingTimeInMillis();
  const waitsUntil = Date.now() + patienceMs;
  const { unsent, refused } = await sendToPeer(Records.map(outgoingMessage), {
    connect: (messages) =>
      sendOverConnection(messages, destination, {
        identity,
        random,
        maxMs: () => remainingMs() - TIME_TO_FINISH_MS,
      }),
    pause,
    random,
    hasTime: (pauseMs) => remainingMs() > pauseMs + TIME_TO_CONNECT_MS && Date.now() + pauseMs <= waitsUntil,
    report: reportTo(telemetry, destination.nodeId),
  });
  const letters = refused.map(({ message, reason }) => ({
    messageId: message.id,
    body: message.body,
    reason,
  }));
  const left = letters.length === 0 ? [] : await undelivered.send(letters);
  const again = new Set([...unsent.map(({ id }) => id), ...left]);
  // Otherwise they would stay away for the queue's whole visibility timeout, six times as long as an invocation may last.
  await source.delay(
    Records.filter(({ messageId }) => again.has(messageId)).map((record) => {
      const delivery = deliveryOf(record);
      return { delivery, seconds: returnDelayForPeerSeconds(delivery.receiveCount, random()) };
    }),
  );
  return { batchItemFailures: [...again].map((itemIdentifier) => ({ itemIdentifier })) };
});
