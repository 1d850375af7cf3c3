/** The stack that the end-to-end tests use: its outputs, and clients for its services. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';
import { type TextQueue, textQueue } from '../../../lib/client/client.ts';
import type { Topic } from '../../../lib/client/messages.ts';

/** What the global setup provides to the tests. */
export interface StackDescription {
  /** As in outputs.json. */
  readonly outputs: Readonly<Record<string, string>>;
  /** How long to wait for a message before it counts as missing. */
  readonly patienceMs: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: StackDescription;
  }
}

export interface StackUnderTest {
  readonly sqs: SQS;
  readonly sns: SNS;
  readonly dynamoDb: DynamoDBClient;
  readonly incomingQueueUrl: string;
  /** Takes any texts, also those that are no messages of the protocol. */
  readonly incoming: TextQueue;
  readonly deadLetters: TextQueue;
  readonly streamFailuresQueueUrl: string;
  readonly accountsTableName: string;
  readonly transfersTableName: string;
  readonly topicArns: Readonly<Record<Topic, string>>;
  readonly patienceMs: number;
}

export function stackUnderTest({ outputs, patienceMs }: StackDescription = inject('stack')): StackUnderTest {
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) {
      throw new Error(`The stack has no output ${name}.`);
    }
    return value;
  };
  const region = output('ToCreditorsTopicArn').split(':')[3] ?? '';
  const at = (endpoint: string | undefined) =>
    // The local run accepts any credentials; elsewhere the SDK finds endpoint and credentials as usual.
    endpoint === undefined
      ? { region }
      : { region, endpoint, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
  const sqs = new SQS(at(outputs.Endpoint));
  const incomingQueueUrl = output('IncomingQueueUrl');
  return {
    sqs,
    sns: new SNS(at(outputs.Endpoint)),
    dynamoDb: new DynamoDBClient(at(outputs.DynamoDbEndpoint)),
    incomingQueueUrl,
    incoming: textQueue({ sqs, queueUrl: incomingQueueUrl }),
    deadLetters: textQueue({ sqs, queueUrl: output('DeadLetterQueueUrl'), withAttributes: true }),
    streamFailuresQueueUrl: output('StreamFailuresQueueUrl'),
    accountsTableName: output('AccountsTableName'),
    transfersTableName: output('TransfersTableName'),
    topicArns: {
      to_creditors: output('ToCreditorsTopicArn'),
      to_debtors: output('ToDebtorsTopicArn'),
      to_coordinators: output('ToCoordinatorsTopicArn'),
    },
    patienceMs,
  };
}
