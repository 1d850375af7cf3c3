/** Denies publishing for some minutes, makes one change, and counts how often Lambda hands its record over. */

import { GetTopicAttributesCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DeployedPlace } from '../deployed-place.ts';
import { minuteOf, pause, sumsByMinute } from '../metrics.ts';
import type { Outcome } from '../report.ts';
import { functionOf } from '../stack-functions.ts';
import { openRootAccount } from './cross-account.ts';

const TOPICS = ['ToCreditorsTopicArn', 'ToDebtorsTopicArn', 'ToCoordinatorsTopicArn'];
const DEBTOR_ID = '4242424243';
/** Until the policy is known everywhere. */
const SETTLE_MS = 60_000;
const DENIED_MS = 480_000;
/** Lambda's metrics come some minutes late. */
const LATENESS_MS = 240_000;

export async function verifyRetryCadence(place: DeployedPlace): Promise<Outcome> {
  const { outputs, sqs, cloudWatch } = place;
  const functionName = await functionOf(place, 'stream', outputs.get('AccountsTableName'));
  const policies = await Promise.all(TOPICS.map((name) => policyOf(place, outputs.get(name))));
  let from = new Date();
  let to = from;
  try {
    for (const { topicArn, policy } of policies) {
      await setPolicy(place, topicArn, denying(policy, topicArn));
    }
    await pause(SETTLE_MS);
    // The first minute is whole, and so is the last.
    from = new Date(minuteOf(new Date()).getTime() + 60_000);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: outputs.get('IncomingQueueUrl'),
        MessageBody: openRootAccount(DEBTOR_ID, new Date()),
      }),
    );
    await pause(DENIED_MS);
    to = minuteOf(new Date());
  } finally {
    for (const { topicArn, policy } of policies) {
      await setPolicy(place, topicArn, policy);
    }
  }
  await pause(LATENESS_MS);
  const metric = { namespace: 'AWS/Lambda', name: 'Invocations', dimensions: { FunctionName: functionName } };
  const sums = await sumsByMinute(cloudWatch, metric, { from, to });
  if (sums.length === 0) {
    throw new Error('CloudWatch has no invocations of publish-events: was publishing denied in time?');
  }
  return {
    kind: 'measured',
    findings: [['invocations of publish-events, minute by minute, while its record failed', sums.join(', ')]],
  };
}

async function policyOf({ sns }: DeployedPlace, topicArn: string) {
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
  return { topicArn, policy: Attributes?.Policy ?? '{}' };
}

async function setPolicy({ sns }: DeployedPlace, TopicArn: string, AttributeValue: string): Promise<void> {
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
}

export function denying(policy: string, topicArn: string): string {
  const { Statement = [], ...others } = JSON.parse(policy) as { Statement?: readonly object[] };
  const deny = {
    Sid: 'Verification',
    Effect: 'Deny',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: topicArn,
  };
  return JSON.stringify({ ...others, Statement: [...Statement, deny] });
}
