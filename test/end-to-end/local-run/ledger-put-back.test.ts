/** What clients see when the ledger goes back to an instant: they know more than it does, and take its word at the next change. */

import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import {
  type AccountKey,
  type Client,
  creditorRange,
  issuer,
  type Role,
} from '../../../lib/client/client.ts';
import { openLibraryClient, whenBalanceIs as whenBothSay } from '../support/library-client.ts';
import { stackUnderTest } from '../support/stack-under-test.ts';
import { prepareRestartableRun } from './support/restartable-run.ts';

const PATIENCE_MS = 60_000;

it('Clients whose ledgers are ahead of the one that is put back catch up with its next change', async () => {
  const run = await prepareRestartableRun();
  const started = run.start('--fresh');
  onTestFinished(async () => {
    await started.stop();
    run.remove();
  });
  await started.whenReady;
  const stack = stackUnderTest({ outputs: run.outputs(), patienceMs: PATIENCE_MS });
  const join = async (role: Role): Promise<Client> => {
    const { client } = await openLibraryClient(stack, role);
    onTestFinished(() => client.close());
    return client;
  };
  const whenBalanceIs = (client: Client, account: AccountKey, principal: bigint): Promise<void> =>
    whenBothSay(client, account, { principal, patienceMs: PATIENCE_MS });
  const alice = { debtorId: 7n, creditorId: 2n ** 41n };
  const bob = { debtorId: 7n, creditorId: 2n ** 41n + 1n };
  const root = { debtorId: 7n, creditorId: 0n };
  const bank = await join(issuer(7n));
  const holders = await join(creditorRange(alice.creditorId, bob.creditorId));
  await bank.openAccount(root, { negligibleAmount: 1e6 });
  await holders.openAccount(alice);
  await holders.openAccount(bob);
  await bank.issue({ to: alice.creditorId, amount: 1000n });
  await whenBalanceIs(holders, alice, 1000n);
  await holders.pay({ from: alice, to: bob.creditorId, amount: 100n });
  await whenBalanceIs(holders, alice, 900n);
  await whenBalanceIs(holders, bob, 100n);

  const { Items: accounts = [] } = await stack.dynamoDb.send(
    new ScanCommand({ TableName: stack.accountsTableName, ConsistentRead: true }),
  );
  await holders.pay({ from: alice, to: bob.creditorId, amount: 200n });
  await whenBalanceIs(holders, alice, 700n);
  await whenBalanceIs(holders, bob, 300n);
  for (const Item of accounts) {
    await stack.dynamoDb.send(new PutItemCommand({ TableName: stack.accountsTableName, Item }));
  }

  // More than there would be, had the payment of 200 happened; it gets the number that that one had.
  await holders.pay({ from: alice, to: bob.creditorId, amount: 880n });
  await whenBalanceIs(holders, alice, 20n);
  await whenBalanceIs(holders, bob, 980n);
  await whenBalanceIs(bank, root, -1000n);
  const entries = [];
  for await (const { kind, acquiredAmount, principal } of holders.ledger(alice)) {
    entries.push([kind, acquiredAmount, principal]);
  }
  expect(entries).toStrictEqual([
    ['transfer', 1000n, 1000n],
    ['transfer', -100n, 900n],
    ['transfer', -200n, 700n],
    ['bridge', -680n, 20n],
  ]);
});
