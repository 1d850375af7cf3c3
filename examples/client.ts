/**
 * A complete client of the accounting authority that needs only the AWS SDK: it opens two accounts of a new currency,
 * issues tokens to one of them, lets it pay the other, and prints every message that it receives.
 *
 *   npx node examples/client.ts [outputs.json]
 *
 * The file is the one that `npm start` (.local/outputs.json, the default) or `cdk deploy --outputs-file` writes.
 */

import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** A received message. Integers are bigints, since amounts and IDs have up to 64 bits. */
type Message = Record<string, unknown>;

const file = process.argv[2] ?? '.local/outputs.json';
if (!existsSync(file)) {
  console.error(`There is no ${file}: is \`npm start\` running?`);
  process.exit(1);
}
const [outputs] = Object.values<Record<string, string>>(JSON.parse(readFileSync(file, 'utf8')));
const { IncomingQueueUrl, ToCreditorsTopicArn, ToDebtorsTopicArn, ToCoordinatorsTopicArn, Endpoint } =
  outputs ?? {};
if (!IncomingQueueUrl || !ToCreditorsTopicArn || !ToDebtorsTopicArn || !ToCoordinatorsTopicArn) {
  throw new Error(`${file} does not name the queue and the topics.`);
}

/** The local run accepts any credentials; elsewhere the SDK finds credentials and endpoint as usual. */
const whereToGo = {
  region: ToCreditorsTopicArn.split(':')[3] ?? '',
  ...(Endpoint && { endpoint: Endpoint, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } }),
};
const sqs = new SQSClient(whereToGo);
const sns = new SNSClient(whereToGo);

// The currency's debtor and two creditors. Creditor IDs below 4294967296 are reserved.
const debtor = BigInt(randomInt(1, 2 ** 47));
const alice = 4294967297n;
const bob = 4294967298n;

const topics = [ToCreditorsTopicArn, ToDebtorsTopicArn, ToCoordinatorsTopicArn];
const inbox = await openInbox();
try {
  console.log(`The currency of debtor ${debtor}; the creditors are ${alice} and ${bob}.`);

  // The root account is the one with creditor 0. It may issue as much as its negligible amount says.
  await configureAccount(0n, '1000000.0');
  await configureAccount(alice, '0.0');
  await configureAccount(bob, '0.0');
  for (const creditor of [0n, alice, bob]) {
    await receive('AccountUpdate', { creditor_id: creditor });
  }

  await transfer('issuing', 0n, alice, 1000n, 'The first tokens');
  await transfer('direct', alice, bob, 250n, 'For two loaves of bread');

  // Balances are announced a little later than transfers, many changes in one message.
  await receive('AccountUpdate', { creditor_id: 0n, principal: -1000n });
  await receive('AccountUpdate', { creditor_id: alice, principal: 750n });
  await receive('AccountUpdate', { creditor_id: bob, principal: 250n });
  console.log('Alice has 750 tokens and Bob has 250.');
} finally {
  await closeInbox();
}

async function configureAccount(creditor: bigint, negligibleAmount: string): Promise<void> {
  await send(`{
    "type": "ConfigureAccount",
    "debtor_id": ${debtor},
    "creditor_id": ${creditor},
    "negligible_amount": ${negligibleAmount},
    "config_flags": 0,
    "config_data": "",
    "ts": "${new Date().toISOString()}",
    "seqnum": 0
  }`);
}

/** Locks the amount on the sender's account, then moves it: two messages, with an answer to each. */
async function transfer(
  coordinatorType: 'direct' | 'issuing',
  sender: bigint,
  recipient: bigint,
  amount: bigint,
  note: string,
): Promise<void> {
  const request = `
    "debtor_id": ${debtor},
    "creditor_id": ${sender},
    "coordinator_type": "${coordinatorType}",
    "coordinator_id": ${coordinatorType === 'issuing' ? debtor : sender},
    "coordinator_request_id": 1`;
  await send(`{
    "type": "PrepareTransfer", ${request},
    "min_locked_amount": ${amount},
    "max_locked_amount": ${amount},
    "recipient": "${BigInt.asUintN(64, recipient)}",
    "final_interest_rate_ts": "9999-12-31T23:59:59+00:00",
    "max_commit_delay": 2147483647,
    "ts": "${new Date().toISOString()}"
  }`);
  const { transfer_id } = await receive('PreparedTransfer', { creditor_id: sender });
  await send(`{
    "type": "FinalizeTransfer", ${request},
    "transfer_id": ${transfer_id},
    "committed_amount": ${amount},
    "transfer_note": ${JSON.stringify(note)},
    "transfer_note_format": "",
    "ts": "${new Date().toISOString()}"
  }`);
  await receive('FinalizedTransfer', { transfer_id });
  await receive('AccountTransfer', { creditor_id: recipient, acquired_amount: amount });
}

async function send(body: string): Promise<void> {
  console.log(`→ ${body.replace(/\s*\n\s*/g, ' ')}`);
  await sqs.send(new SendMessageCommand({ QueueUrl: IncomingQueueUrl, MessageBody: body }));
}

/** A queue of our own to which the topics deliver the messages about our currency, and no others. */
async function openInbox() {
  const created = await sqs.send(new CreateQueueCommand({ QueueName: `example-client-${randomUUID()}` }));
  const QueueUrl = created.QueueUrl ?? '';
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const queueArn = Attributes?.QueueArn ?? '';
  const mayDeliver = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': topics } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [mayDeliver] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const subscriptions = topics.map(async (TopicArn) => {
    const Attributes = {
      RawMessageDelivery: 'true',
      FilterPolicy: JSON.stringify({ debtor_id: [String(debtor)] }),
    };
    const subscribe = {
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queueArn,
      Attributes,
      ReturnSubscriptionArn: true,
    };
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscribe));
    return SubscriptionArn;
  });
  return { QueueUrl, subscriptions: await Promise.all(subscriptions), received: [] as Message[] };
}

async function closeInbox(): Promise<void> {
  for (const SubscriptionArn of inbox.subscriptions) {
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  }
  await sqs.send(new DeleteQueueCommand({ QueueUrl: inbox.QueueUrl }));
}

/** Waits for a message of the type whose fields have these values. Messages come in any order, perhaps twice. */
async function receive(type: string, fields: Message): Promise<Message> {
  const isIt = (message: Message) =>
    Object.entries({ type, ...fields }).every(([name, value]) => message[name] === value);
  const patience = Date.now() + 5 * 60_000;
  for (;;) {
    const found = inbox.received.find(isIt);
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > patience) {
      throw new Error(`No ${type} came.`);
    }
    await receiveMore();
  }
}

async function receiveMore(): Promise<void> {
  const { QueueUrl } = inbox;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
  );
  for (const { Body = '' } of Messages) {
    console.log(`← ${Body}`);
    inbox.received.push(JSON.parse(Body, exactInteger));
  }
  const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  if (Entries.length > 0) {
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

function exactInteger(_name: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
  return typeof value === 'number' && /^-?\d+$/.test(source) ? BigInt(source) : value;
}
