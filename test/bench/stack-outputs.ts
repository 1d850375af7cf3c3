/** The outputs of a stack, as the benchmark's clients need them: from the file of `cdk deploy` or of a local run. */

import { readFileSync } from 'node:fs';
import type { Topic } from '../../lib/client/messages.ts';
import type { TableNames } from '../../lib/storage/ledger-store.ts';

/** How the AWS SDK's clients reach a service. */
export interface Place {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface StackOutputs {
  readonly incomingQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly topicArns: Readonly<Record<Topic, string>>;
  readonly tables: TableNames;
  readonly messaging: Place;
  readonly dynamoDb: Place;
}

/**
 * @param endpoint where all services answer, instead of what the file says
 * @throws {Error} when the file does not tell of exactly one stack, or lacks an output
 */
export function readOutputs(file: string, endpoint?: string): StackOutputs {
  const stacks = Object.values<Record<string, string>>(JSON.parse(readFileSync(file, 'utf8')));
  const [outputs] = stacks;
  if (outputs === undefined || stacks.length > 1) {
    throw new Error(`${file} tells of ${stacks.length} stacks.`);
  }
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) {
      throw new Error(`${file} has no output ${name}.`);
    }
    return value;
  };
  const topicArns = {
    to_creditors: output('ToCreditorsTopicArn'),
    to_debtors: output('ToDebtorsTopicArn'),
    to_coordinators: output('ToCoordinatorsTopicArn'),
  };
  const region = topicArns.to_creditors.split(':')[3] ?? '';
  // Emulators take any credentials; AWS's are found as the SDK always does.
  const at = (own: string | undefined): Place =>
    own === undefined
      ? { region }
      : { region, endpoint: own, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
  return {
    incomingQueueUrl: output('IncomingQueueUrl'),
    deadLetterQueueUrl: output('DeadLetterQueueUrl'),
    topicArns,
    tables: { accounts: output('AccountsTableName'), transfers: output('TransfersTableName') },
    messaging: at(endpoint ?? outputs.Endpoint),
    dynamoDb: at(endpoint ?? outputs.DynamoDbEndpoint),
  };
}
