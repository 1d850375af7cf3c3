/** The guide's recovery, step by step with its own commands: restored, audited, repaired, attached, and published again. What clients make of it in detail: ledger-put-back.test.ts. */

import { randomInt } from 'node:crypto';
import {
  CreateBackupCommand,
  DeleteItemCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountKey,
  type Client,
  creditorRange,
  issuer,
  type Role,
} from '../../../lib/client/client.ts';
import { commandBlocks, quotedCommands } from '../../support/guide-commands.ts';
import { openLibraryClient, whenBalanceIs as whenBothSay } from '../support/library-client.ts';
import { stackUnderTest } from '../support/stack-under-test.ts';
import { scriptFor, sectionOf } from './support/guide-script.ts';
import { AWS_PROGRAM, EMULATOR, KeptStack } from './support/kept-stack.ts';

const AUDIT = 'npm run audit -- --outputs cdk.out/outputs.json';
const HEADING = 'Recovering the ledger';
/** Deployments take a quarter of a minute each, and minutes on a busy machine. */
const PATIENCE_MS = 1_500_000;
const BALANCE_PATIENCE_MS = 300_000;

describe.skipIf(EMULATOR === undefined || AWS_PROGRAM === undefined)('A ledger of an instant before', () => {
  const dynamoDb = new DynamoDBClient({});
  let stack: KeptStack;
  const leaving: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    stack = new KeptStack();
    await stack.mustRun('npm run deploy');
  }, PATIENCE_MS);

  afterAll(async () => {
    await Promise.all(leaving.map((leave) => leave()));
    dynamoDb.destroy();
    await stack?.remove();
  }, PATIENCE_MS);

  it(
    "becomes the stack's by the guide's steps, and payments go on from it",
    async () => {
      const debtorId = BigInt(randomInt(1, 2 ** 47));
      const alice = { debtorId, creditorId: BigInt(randomInt(2 ** 40, 2 ** 47)) };
      const bob = { debtorId, creditorId: alice.creditorId + 1n };
      const root = { debtorId, creditorId: 0n };
      const bank = await join(issuer(debtorId));
      const holders = await join(creditorRange(alice.creditorId, bob.creditorId));

      await bank.openAccount(root, { negligibleAmount: 1e6 });
      await holders.openAccount(alice);
      await holders.openAccount(bob);
      await bank.issue({ to: alice.creditorId, amount: 1000n });
      await whenBalanceIs(holders, alice, 1000n);
      await holders.pay({ from: alice, to: bob.creditorId, amount: 100n });
      await whenBalanceIs(holders, alice, 900n);
      await whenBalanceIs(holders, bob, 100n);
      await whenBalanceIs(bank, root, -1000n);

      // The instant, which is not quite the same for both tables: a lock comes between.
      const { AccountsTableName: accounts = '', TransfersTableName: transfers = '' } = stack.outputs();
      const accountsBackup = await backUp(accounts);
      await holders.hold({
        from: alice,
        to: bob.creditorId,
        amount: 30n,
        idempotencyKey: 'lost',
      });
      stack.backups = { [accounts]: accountsBackup, [transfers]: await backUp(transfers) };

      // What will not have happened, and the damage.
      await holders.pay({ from: alice, to: bob.creditorId, amount: 200n });
      await whenBalanceIs(holders, alice, 700n);
      await whenBalanceIs(holders, bob, 300n);
      const key = { account: { S: `${debtorId}:${bob.creditorId}` } };
      await dynamoDb.send(new DeleteItemCommand({ TableName: accounts, Key: key, ReturnValues: 'ALL_OLD' }));

      const [restore, audit, complete, attach] = commandBlocks()
        .filter(({ heading }) => heading === HEADING)
        .map(({ script }) => script);
      const [pause, resume, republish] = quotedCommands(sectionOf(HEADING)).filter((command) =>
        command.includes('cdk.out'),
      );
      const run = (script = '', words = {}) => stack.run(scriptFor(stack.name, script, words));
      const mustRun = (script = '', words = {}) => stack.mustRun(scriptFor(stack.name, script, words));
      await mustRun(pause);
      await mustRun(restore);
      const auditRestored = () =>
        stack.run(scriptFor(stack.name, audit ?? ''), { AT: new Date().toISOString() });
      const torn = await auditRestored();
      expect([torn.status, torn.stdout]).toStrictEqual([
        1,
        expect.stringContaining(
          `locks: account ${debtorId}:${alice.creditorId}: its total locked amount is 0 and its pending count 0, but its prepared transfers are 1 and lock 30`,
        ),
      ]);
      await forgetLock(`${stack.name}-Restored-Transfers`);
      const repaired = await auditRestored();
      expect([repaired.status, repaired.stdout]).toStrictEqual([
        0,
        expect.stringContaining('1 of 1 currencies'),
      ]);

      await mustRun(complete);
      const refused = await run(attach?.replace(/ --let-go .*/, ''));
      const released = [...refused.stdout.matchAll(/^(\w+) would be deleted\.$/gm)].map(([, id = '']) => id);
      expect([refused.status, released]).toStrictEqual([
        1,
        [expect.stringMatching(/^Accounts/), expect.stringMatching(/^Transfers/)],
      ]);
      await mustRun(attach, { ACCOUNTS_ID: released[0] ?? '', TRANSFERS_ID: released[1] ?? '' });
      expect(stack.outputs()).toMatchObject({
        AccountsTableName: `${stack.name}-Restored-Accounts`,
        TransfersTableName: `${stack.name}-Restored-Transfers`,
      });
      await mustRun(resume);
      await mustRun(AUDIT);
      expect(await mustRun(republish)).toMatch(/^Published/m);

      // What was locked since is gone, or this would be more than is available.
      await holders.pay({ from: alice, to: bob.creditorId, amount: 880n });
      await whenBalanceIs(holders, alice, 20n);
      await whenBalanceIs(holders, bob, 980n);
    },
    PATIENCE_MS,
  );

  /** A transfer that was prepared in the very second of the restoration; its coordinator asks again. */
  async function forgetLock(TableName: string): Promise<void> {
    const isPrepared = {
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':prepared': { S: 'prepared' } },
    };
    const { Items: [item] = [] } = await dynamoDb.send(
      new ScanCommand({ TableName, FilterExpression: '#status = :prepared', ...isPrepared }),
    );
    const { account, transferId } = item ?? {};
    if (account === undefined || transferId === undefined) {
      throw new Error(`${TableName} has no prepared transfer.`);
    }
    await dynamoDb.send(
      new DeleteItemCommand({
        TableName,
        Key: { account, transferId },
        ConditionExpression: '#status = :prepared',
        ...isPrepared,
      }),
    );
  }

  async function backUp(TableName: string): Promise<string> {
    const { BackupDetails } = await dynamoDb.send(
      new CreateBackupCommand({ TableName, BackupName: 'yesterday' }),
    );
    return BackupDetails?.BackupArn ?? '';
  }

  /** A client with a queue of its own, until the end of the test. */
  async function join(role: Role): Promise<Client> {
    const { client, subscription } = await openLibraryClient(
      stackUnderTest({ outputs: stack.outputs(), patienceMs: BALANCE_PATIENCE_MS }),
      role,
    );
    leaving.push(async () => {
      await client.close();
      await subscription.remove();
    });
    return client;
  }
});

function whenBalanceIs(client: Client, account: AccountKey, principal: bigint): Promise<void> {
  return whenBothSay(client, account, { principal, patienceMs: BALANCE_PATIENCE_MS });
}
