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

/** What the program waits for comes within seconds. */
const patience = { signal: AbortSignal.timeout(5 * 60_000) };

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
// A payment is credited a moment after it was committed. Only then can its recipient spend it.
await creditors.client.accountWhen(alice, ({ ledger }) => ledger.principal === 1000n, patience);
await creditors.client.pay({
  from: alice,
  to: bob.creditorId,
  amount: 250n,
  note: 'For two loaves of bread',
});

// Balances are announced a little later than transfers, many changes in one message.
await bank.client.accountWhen(root, ({ latest }) => latest?.principal === -1000n, patience);
await creditors.client.accountWhen(alice, ({ latest }) => latest?.principal === 750n, patience);
await creditors.client.accountWhen(bob, ({ latest }) => latest?.principal === 250n, patience);
console.log('Alice has 750 tokens and Bob has 250.');
