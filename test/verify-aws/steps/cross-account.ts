/** Subscribes a queue of another account to a topic, as docs/operations.md tells operators, and waits for a message. */

import {
  AddPermissionCommand,
  RemovePermissionCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeployedPlace } from '../deployed-place.ts';
import type { Outcome } from '../report.ts';

const LABEL = 'verification';
const DEBTOR_ID = '4242424242';
const LOOKS = 12;
/** Until a permission is known everywhere. */
const SETTLE_MS = 15_000;

/** @param profile of the other account, as in AWS's own files */
export async function verifyCrossAccount(place: DeployedPlace, profile: string): Promise<Outcome> {
  const { region, outputs, sns, stackName } = place;
  const TopicArn = outputs.get('ToCreditorsTopicArn');
  const other = { sqs: new SQSClient({ region, profile }), sns: new SNSClient({ region, profile }) };
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const { QueueUrl = '' } = await other.sqs.send(new CreateQueueCommand({ QueueName: stackName }));
    undo.push(() => other.sqs.send(new DeleteQueueCommand({ QueueUrl })));
    const { Attributes } = await other.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const Endpoint = Attributes?.QueueArn ?? '';
    const account = Endpoint.split(':')[4] ?? '';
    if (account === TopicArn.split(':')[4]) {
      return { kind: 'not possible', reason: 'the second profile is of the same account' };
    }
    const Policy = JSON.stringify(policyOf(Endpoint, TopicArn));
    await other.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await sns.send(
      new AddPermissionCommand({
        TopicArn,
        Label: LABEL,
        AWSAccountId: [account],
        ActionName: ['Subscribe'],
      }),
    );
    undo.push(() => sns.send(new RemovePermissionCommand({ TopicArn, Label: LABEL })));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const { SubscriptionArn } = await other.sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint,
        ReturnSubscriptionArn: true,
        Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ debtor_id: [DEBTOR_ID] }) },
      }),
    );
    undo.push(() => other.sns.send(new UnsubscribeCommand({ SubscriptionArn })));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return await firstMessage(place, other.sqs, QueueUrl);
  } finally {
    for (const step of undo.toReversed()) {
      await step().catch(() => {});
    }
    other.sqs.destroy();
    other.sns.destroy();
  }
}

async function firstMessage(
  { sqs, outputs }: DeployedPlace,
  otherSqs: SQSClient,
  QueueUrl: string,
): Promise<Outcome> {
  const sentAt = Date.now();
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: outputs.get('IncomingQueueUrl'),
      MessageBody: openRootAccount(DEBTOR_ID, new Date(sentAt)),
    }),
  );
  for (let look = 0; look < LOOKS; look += 1) {
    const { Messages = [] } = await otherSqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }),
    );
    if (Messages.length > 0) {
      return {
        kind: 'measured',
        findings: [['from sending to the other account', `${Date.now() - sentAt} ms`]],
      };
    }
  }
  throw new Error('no message came to the other account within four minutes');
}

export function openRootAccount(debtorId: string, now: Date): string {
  return `{"type":"ConfigureAccount","debtor_id":${debtorId},"creditor_id":0,"ts":"${now.toISOString()}","seqnum":0,"negligible_amount":1e9,"config_flags":0,"config_data":""}`;
}

function policyOf(queueArn: string, topicArn: string): object {
  return {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  };
}
