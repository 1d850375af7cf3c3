import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect } from 'vitest';
import { it } from './support/end-to-end-test.ts';
import { fromNow, instant, isAboutNow } from './support/instants.ts';
import { accountId, finalizeTransfer, prepareTransfer, routingKey } from './support/requests.ts';

const DAY_MS = 86_400_000;
const PAYER = 0x0b_00_00_00_00_00_00_01n;
const LEAVING = 0x0b_00_00_00_00_00_00_02n;

// Each test waits for sweeps, which run once a minute in the cloud.
describe.concurrent('An account that is scheduled for deletion', () => {
  it('pays what little it has to the root account, and is deleted', async ({ currency }) => {
    const { debtorId, openRoot, open, transfer, send, receive } = currency;
    await Promise.all([openRoot(), open(PAYER)]);
    await transfer({ from: 0n, to: PAYER, amount: 10n });
    // A payment opened it, so it was never configured, and a configuration of last week still counts.
    await send(
      prepareTransfer({
        debtor_id: debtorId,
        creditor_id: PAYER,
        coordinator_type: 'agent',
        coordinator_id: PAYER,
        recipient: accountId(LEAVING),
        min_locked_amount: 2n,
        max_locked_amount: 2n,
      }),
    );
    const { message: prepared } = await receive('PreparedTransfer', { creditor_id: PAYER });
    await send(finalizeTransfer(prepared, { committed_amount: 2n }));
    await receive('FinalizedTransfer', { creditor_id: PAYER, committed_amount: 2n });
    await receive('AccountTransfer', { creditor_id: PAYER, acquired_amount: -2n });
    const { message: opened } = await receive('AccountTransfer', { creditor_id: LEAVING });
    await receive('AccountUpdate', { creditor_id: LEAVING, principal: 2n });
    await open(LEAVING, { ts: fromNow(-8 * DAY_MS), config_flags: 1n });

    const { message: payment } = await receive('AccountTransfer', { creditor_id: LEAVING });
    expect(payment).toStrictEqual({
      ...opened,
      ts: payment.ts,
      transfer_number: 2n,
      previous_transfer_number: 1n,
      coordinator_type: 'delete',
      sender: accountId(LEAVING),
      recipient: '0',
      acquired_amount: -2n,
      principal: 0n,
      committed_at: payment.committed_at,
    });
    const { message: deleted } = await receive('AccountUpdate', { creditor_id: LEAVING, principal: 0n });
    expect([deleted.interest, deleted.config_flags]).toStrictEqual([0, 1n]);
    await receive('AccountUpdate', { creditor_id: 0n, principal: -8n });
  });

  it('is purged long after it was deleted, when nothing can reach it any more', async ({
    stack,
    currency,
  }) => {
    const { debtorId, open, receive } = currency;
    await open(LEAVING, { config_flags: 1n });
    // The test can't wait for the months until then.
    await stack.dynamoDb.send(
      new UpdateItemCommand({
        TableName: stack.accountsTableName,
        Key: { account: { S: `${debtorId}:${LEAVING}` } },
        UpdateExpression: 'SET deletedAt = :deletedAt, created = :created',
        ConditionExpression: 'attribute_exists(account)',
        ExpressionAttributeValues: {
          ':deletedAt': { N: `${instant('2025-01-01T00:00:00+00:00')}` },
          ':created': { S: '2024-12-31' },
        },
      }),
    );
    const { topic, attributes, message: purge } = await receive('AccountPurge');
    expect(isAboutNow(purge.ts)).toBe(true);
    expect({ topic, attributes, purge }).toStrictEqual({
      topic: 'to_creditors',
      attributes: {
        type: 'AccountPurge',
        debtor_id: `${debtorId}`,
        creditor_id: `${LEAVING}`,
        routing_key: routingKey(LEAVING),
      },
      purge: {
        type: 'AccountPurge',
        debtor_id: debtorId,
        creditor_id: LEAVING,
        ts: purge.ts,
        creation_date: '2024-12-31',
      },
    });
  });
});
