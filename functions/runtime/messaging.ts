/** The clients of queues and topics: made once for all invocations of a function, with kept-alive connections. */

import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { requestHandler } from './request-handler.ts';

export function createSqsClient(): SQSClient {
  return new SQSClient({ requestHandler });
}

export function createSnsClient(): SNSClient {
  return new SNSClient({ requestHandler });
}
