/** The clients of queues and topics: made once for all invocations of a function, with kept-alive connections. */

import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { bounded, quickClientSettings } from './client-settings.ts';
import { telemetry } from './telemetry.ts';

const COUNTED_AT = { step: 'initialize' } as const;

export function createSqsClient(): SQSClient {
  const client = bounded(new SQSClient(quickClientSettings));
  client.middlewareStack.add(countCalls, COUNTED_AT);
  return client;
}

export function createSnsClient(): SNSClient {
  const client = bounded(new SNSClient(quickClientSettings));
  client.middlewareStack.add(countCalls, COUNTED_AT);
  return client;
}

/** Queues and topics are paid by calls. Counts each, for example as `Calls.PublishBatch`. */
function countCalls<Input, Output>(
  next: (args: Input) => Promise<Output>,
  { commandName = 'unknown' }: { readonly commandName?: string },
): (args: Input) => Promise<Output> {
  const metric = `Calls.${commandName.replace(/Command$/, '')}`;
  return (args) => {
    telemetry.count(metric);
    return next(args);
  };
}
