/** The clients of queues and topics: made once for all invocations of a function, with kept-alive connections. */

import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from './client-settings.ts';
import { telemetry } from './telemetry.ts';

export function createSqsClient(): SQSClient {
  const client = new SQSClient(clientSettings);
  client.middlewareStack.add(
    (next, { commandName }) => {
      countCall(commandName);
      return next;
    },
    { step: 'initialize' },
  );
  return client;
}

export function createSnsClient(): SNSClient {
  const client = new SNSClient(clientSettings);
  client.middlewareStack.add(
    (next, { commandName }) => {
      countCall(commandName);
      return next;
    },
    { step: 'initialize' },
  );
  return client;
}

/** Calls are what queues and topics are paid by. For example, `Calls.PublishBatch`. */
function countCall(commandName = 'unknown'): void {
  telemetry.count(`Calls.${commandName.replace(/Command$/, '')}`);
}
