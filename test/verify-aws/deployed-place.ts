/** What the steps work on: the deployed stack, and clients for its services. */

import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readStackOutputs, type StackOutputs } from '../../lib/operations/stack-outputs.ts';
import type { Target } from '../end-to-end/deployed/target.ts';

export interface DeployedPlace {
  readonly stackName: string;
  readonly outputsFile: string;
  readonly outputs: StackOutputs;
  readonly target: Target;
  readonly region: string;
  readonly dynamoDb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly lambda: LambdaClient;
  readonly eventBridge: EventBridgeClient;
  readonly cloudWatch: CloudWatchClient;
  readonly close: () => void;
}

export function openPlace(
  target: Target,
  { name, outputsFile }: { readonly name: string; readonly outputsFile: string },
): DeployedPlace {
  const outputs = readStackOutputs(outputsFile, name);
  const region = outputs.region ?? 'us-east-1';
  const endpoint = target.environment.AWS_ENDPOINT_URL;
  const at = {
    region,
    ...(target.isEmulator &&
      endpoint !== undefined && { endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  };
  const clients = {
    dynamoDb: new DynamoDBClient(at),
    sqs: new SQSClient(at),
    sns: new SNSClient(at),
    lambda: new LambdaClient(at),
    eventBridge: new EventBridgeClient(at),
    cloudWatch: new CloudWatchClient(at),
  };
  const close = () => {
    for (const client of Object.values(clients)) {
      client.destroy();
    }
  };
  return { stackName: name, outputsFile, outputs, target, region, ...clients, close };
}
