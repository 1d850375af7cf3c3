/** The stack that the end-to-end tests use: its outputs, and clients for its services. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';

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

export type Topic = 'to_creditors' | 'to_debtors' | 'to_coordinators';

export interface StackUnderTest {
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly incomingQueueUrl: string;
  readonly deadLetterQueueUrl: string;
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
  return {
    sqs: new SQSClient(at(outputs.Endpoint)),
    sns: new SNSClient(at(outputs.Endpoint)),
    dynamoDb: new DynamoDBClient(at(outputs.DynamoDbEndpoint)),
    incomingQueueUrl: output('IncomingQueueUrl'),
    deadLetterQueueUrl: output('DeadLetterQueueUrl'),
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
