/**
 * A short program with the client library: it opens two accounts of a new currency, issues tokens to one of them, lets it pay
 * the other, and prints every message that it receives.
 *
 *   npx node examples/client.ts [outputs.json]
 *
 * The file is the one that `npm start` (.local/outputs.json, the default) or `npm run deploy` (cdk.out/outputs.json) writes.
 */

import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import {
  type AccountKey,
  type Client,
  creditorRange,
  issuer,
  MemoryStore,
  openClient,
  queueTransport,
  type Role,
  subscribe,
} from '../lib/client/client.ts';
import { printMessage } from '../lib/client/messages.ts';

const file = process.argv[2] ?? '.local/outputs.json';
if (!existsSync(file)) {
  console.error(`There is no ${file}: is \`npm start\` running?`);
  process.exit(1);
}
const [outputs = {}] = Object.values<Record<string, string>>(JSON.parse(readFileSync(file, 'utf8')));
const { IncomingQueueUrl: incomingQueueUrl = '', Endpoint: endpoint } = outputs;
const topicArns = {
  to_creditors: outputs.ToCreditorsTopicArn ?? '',
  to_debtors: outputs.ToDebtorsTopicArn ?? '',
  to_coordinators: outputs.ToCoordinatorsTopicArn ?? '',
};

/** The local run accepts any credentials; elsewhere the SDK finds credentials and endpoint as usual. */
const place = {
  region: topicArns.to_creditors.split(':')[3] ?? '',
  ...(endpoint && { endpoint, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } }),
};
const sqs = new SQS(place);
const sns = new SNS(place);

// The currency's debtor and two creditors. Creditor IDs below 4294967296 are reserved.
const debtorId = BigInt(randomInt(1, 2 ** 47));
const alice = { debtorId, creditorId: BigInt(randomInt(2 ** 40, 2 ** 47)) };
const bob = { debtorId, creditorId: alice.creditorId + 1n };
const root = { debtorId, creditorId: 0n };

/** A client of the role with a queue of its own. One that must survive a crash needs `openSqliteStore` and keeps its queue. */
async function join(role: Role) {
  const subscription = await subscribe({ sqs, sns, topicArns, role });
  const transport = queueTransport({ sqs, incomingQueueUrl, queueUrl: subscription.queueUrl });
  const client = await openClient({
    role,
    store: new MemoryStore(),
    transport,
    onMessage: async (message) => console.log(`← ${printMessage(message)}`),
  });
  const leave = async () => {
    await client.close();
    await subscription.remove();
  };
  return { client, [Symbol.asyncDispose]: leave };
}

/** Waits until what is asked for has come true, and looks again whenever something has happened. */
async function until(client: Client, isTrue: () => Promise<boolean>): Promise<void> {
  const events = client.watch({ signal: AbortSignal.timeout(5 * 60_000) });
  if (await isTrue()) {
    return;
  }
  for await (const _event of events) {
    if (await isTrue()) {
      return;
    }
  }
  throw new Error('What the program waits for has not come within five minutes.');
}

/** A payment is credited a moment after it was committed. Only then can its recipient spend it. */
async function untilCredited(client: Client, account: AccountKey): Promise<void> {
  await until(client, async () => {
    for await (const _entry of client.ledger(account)) {
      return true;
    }
    return false;
  });
}

/** Balances are announced a little later than transfers, many changes in one message. */
async function untilAnnounced(client: Client, account: AccountKey, principal: bigint): Promise<void> {
  await until(client, async () => (await client.account(account))?.latest?.principal === principal);
}

console.log(
  `The currency of debtor ${debtorId}; the creditors are ${alice.creditorId} and ${bob.creditorId}.`,
);
await using bank = await join(issuer(debtorId));
await using creditors = await join(creditorRange(alice.creditorId, bob.creditorId));

// The root account may issue as much as its negligible amount says.
await bank.client.openAccount(root, { negligibleAmount: 1e6 });
await creditors.client.openAccount(alice);
await creditors.client.openAccount(bob);
await bank.client.issue({ to: alice.creditorId, amount: 1000n, note: 'The first tokens' });
await untilCredited(creditors.client, alice);
await creditors.client.pay({
  from: alice,
  to: bob.creditorId,
  amount: 250n,
  note: 'For two loaves of bread',
});

await untilAnnounced(bank.client, root, -1000n);
await untilAnnounced(creditors.client, alice, 750n);
await untilAnnounced(creditors.client, bob, 250n);
console.log('Alice has 750 tokens and Bob has 250.');
