import { describe, expect } from 'vitest';
import { it } from './support/end-to-end-test.ts';
import { accountId, finalizeTransfer, prepareTransfer } from './support/requests.ts';

const MAX = 9_223_372_036_854_775_807n;
const MIN = -9_223_372_036_854_775_808n;
const ALICE = MAX;
const BOB = MIN;

describe('Amounts near 2^63', () => {
  it('are issued, locked, paid, announced and paid back to the last unit', async ({ currency }) => {
    const { openRoot, open, transfer, receive } = currency;
    await Promise.all([openRoot(), open(ALICE), open(BOB)]);

    const issued = await transfer({ from: 0n, to: ALICE, amount: MAX });
    expect(issued.prepared.locked_amount).toBe(MAX);
    expect(issued.received?.principal).toBe(MAX);
    await receive('AccountUpdate', { creditor_id: 0n, principal: -MAX });
    await receive('AccountUpdate', { creditor_id: ALICE, principal: MAX });

    const paid = await transfer({ from: ALICE, to: BOB, amount: MAX - 1n });
    expect([paid.sent?.acquired_amount, paid.sent?.principal]).toStrictEqual([1n - MAX, 1n]);
    expect([paid.received?.acquired_amount, paid.received?.principal]).toStrictEqual([MAX - 1n, MAX - 1n]);
    await receive('AccountUpdate', { creditor_id: ALICE, principal: 1n });
    await receive('AccountUpdate', { creditor_id: BOB, principal: MAX - 1n });

    await transfer({ from: ALICE, to: BOB, amount: 1n });
    const back = await transfer({ from: BOB, to: 0n, amount: MAX });
    expect([back.sent?.acquired_amount, back.sent?.principal]).toStrictEqual([-MAX, 0n]);
    await receive('AccountUpdate', { creditor_id: 0n, principal: 0n });
  });

  it('are told as locked when a transfer is rejected, and as unlocked when it is dismissed', async ({
    currency,
  }) => {
    const { debtorId, openRoot, open, transfer, send, receive } = currency;
    await Promise.all([openRoot(), open(ALICE), open(BOB)]);
    await transfer({ from: 0n, to: ALICE, amount: MAX });
    const prepare = { debtor_id: debtorId, creditor_id: ALICE, recipient: accountId(BOB) };
    await send(
      prepareTransfer({
        ...prepare,
        min_locked_amount: MAX - 2n,
        max_locked_amount: MAX - 2n,
        coordinator_request_id: MIN,
      }),
    );
    const { message: prepared } = await receive('PreparedTransfer', { coordinator_request_id: MIN });
    expect(prepared.locked_amount).toBe(MAX - 2n);

    await send(
      prepareTransfer({
        ...prepare,
        min_locked_amount: 3n,
        max_locked_amount: MAX,
        coordinator_request_id: MAX,
      }),
    );
    const { message: rejected } = await receive('RejectedTransfer', { coordinator_request_id: MAX });
    expect(rejected.total_locked_amount).toBe(MAX - 2n);

    await send(finalizeTransfer(prepared, { committed_amount: MAX }));
    const { message: committed } = await receive('FinalizedTransfer', { coordinator_request_id: MIN });
    expect([committed.committed_amount, committed.status_code]).toStrictEqual([MAX, 'OK']);
    await receive('AccountTransfer', { creditor_id: ALICE, acquired_amount: -MAX });
    await receive('AccountTransfer', { creditor_id: BOB, acquired_amount: MAX });
  });
});
