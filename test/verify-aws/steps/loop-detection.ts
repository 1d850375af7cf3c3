/**
 * Lets a sweep continue itself more than 16 times, which Lambda takes for a loop unless the function allows it. Items that are
 * nearly as large as DynamoDB takes make pages of a few items, and a function with a short timeout ends after each page.
 */

import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import type { DeployedPlace } from '../deployed-place.ts';
import { minuteOf, pause, sumsByMinute, total } from '../metrics.ts';
import type { Outcome } from '../report.ts';
import { functionOf } from '../stack-functions.ts';

const ITEMS = 90;
const ITEM_BYTES = 300_000;
/** Less than the time that functions keep to finish, so that none begins a second page. */
const TIMEOUT_SECONDS = 12;
const SWEEPING_MS = 240_000;
const LATENESS_MS = 240_000;
const LAMBDA_PATIENCE_SECONDS = 120;
/** Lambda ends a chain after so many invocations. */
const LAMBDA_LIMIT = 16;

/** DynamoDB takes a unit for each KB. */
export const PROBE_WRITE_UNITS = Math.ceil((ITEMS * ITEM_BYTES) / 1_024);

export async function verifyLoopDetection(place: DeployedPlace): Promise<Outcome> {
  const { outputs, dynamoDb, cloudWatch } = place;
  const queueName = outputs.get('AccountsSweepQueueUrl').split('/').at(-1) ?? '';
  const FunctionName = await functionOf(place, 'queue', queueName);
  await shortenTime(place, FunctionName);
  for (let index = 0; index < ITEMS; index += 1) {
    await dynamoDb.send(
      new PutItemCommand({
        TableName: outputs.get('AccountsTableName'),
        Item: { account: { S: `verification-${index}` }, ballast: { S: 'x'.repeat(ITEM_BYTES) } },
      }),
    );
  }
  const from = minuteOf(new Date());
  // The schedule starts a sweep every minute.
  await pause(SWEEPING_MS);
  const to = minuteOf(new Date());
  await pause(LATENESS_MS);
  const of = (name: string) =>
    sumsByMinute(cloudWatch, { namespace: 'AWS/Lambda', name, dimensions: { FunctionName } }, { from, to });
  const [invocations, dropped] = [await of('Invocations'), total(await of('RecursiveInvocationsDropped'))];
  const most = Math.max(0, ...invocations);
  if (most <= LAMBDA_LIMIT) {
    throw new Error(`the sweep continued itself only ${most} times a minute (${invocations.join(', ')})`);
  }
  return {
    kind: 'measured',
    findings: [
      ['invocations of sweep-accounts, minute by minute', invocations.join(', ')],
      ['invocations that Lambda dropped as a loop', `${dropped}`],
    ],
  };
}

/** The alias invokes a version, which never changes: so a new one is published. */
async function shortenTime({ lambda }: DeployedPlace, FunctionName: string): Promise<void> {
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: TIMEOUT_SECONDS }));
  await waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: LAMBDA_PATIENCE_SECONDS },
    { FunctionName },
  );
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: Version }));
}
