import { describe, expect } from 'vitest';
import { it } from './support/end-to-end-test.ts';
import { fromNow } from './support/instants.ts';
import { accountId, configureAccount, finalizeTransfer, prepareTransfer } from './support/requests.ts';

const ALICE = 4_294_967_297n;
const BOB = 4_294_967_298n;

describe('A message that is delivered again', () => {
  it('changes nothing, whenever it comes', async ({ currency }) => {
    const { debtorId, openRoot, open, transfer, send, receive } = currency;
    await Promise.all([openRoot(), open(ALICE), open(BOB)]);
    await transfer({ from: 0n, to: ALICE, amount: 1000n });

    const parties = { debtor_id: debtorId, creditor_id: ALICE, recipient: accountId(BOB) };
    const prepare = prepareTransfer({ ...parties, min_locked_amount: 600n, max_locked_amount: 600n });
    await send(prepare, prepare, prepare);
    const { message: prepared } = await receive('PreparedTransfer', { creditor_id: ALICE });
    const finalize = finalizeTransfer(prepared, { committed_amount: 500n });
    await send(prepare, finalize, finalize, prepare, finalize);
    await receive('FinalizedTransfer', { creditor_id: ALICE, committed_amount: 500n });
    await receive('AccountTransfer', { creditor_id: ALICE, acquired_amount: -500n });
    await receive('AccountTransfer', { creditor_id: BOB, acquired_amount: 500n });

    const refused = prepareTransfer({ ...parties, min_locked_amount: 501n, max_locked_amount: 501n });
    await send(refused, prepare, finalize, refused);
    const { message: rejected } = await receive('RejectedTransfer', { creditor_id: ALICE });
    expect(rejected.total_locked_amount).toBe(0n);
    // Whatever was locked or paid twice would be missing here.
    await transfer({ from: ALICE, to: BOB, amount: 500n });
  });

  it('is told from a later request of a client that counts from 1 again', async ({ currency }) => {
    const { debtorId, openRoot, open, transfer, send, receive } = currency;
    await Promise.all([openRoot(), open(ALICE), open(BOB)]);
    await transfer({ from: 0n, to: ALICE, amount: 1000n });
    const request = {
      debtor_id: debtorId,
      creditor_id: ALICE,
      recipient: accountId(BOB),
      coordinator_request_id: 1n,
      min_locked_amount: 100n,
    };
    const early = prepareTransfer({ ...request, max_locked_amount: 100n, ts: fromNow(-5000) });
    const late = prepareTransfer({ ...request, max_locked_amount: 200n, ts: fromNow(0) });
    await send(early);
    const { message: first } = await receive('PreparedTransfer', { locked_amount: 100n });
    await send(late, early);
    const { message: second } = await receive('PreparedTransfer', { locked_amount: 200n });
    expect(second.transfer_id).not.toBe(first.transfer_id);
    await send(
      finalizeTransfer(first, { committed_amount: 0n }),
      finalizeTransfer(second, { committed_amount: 0n }),
    );
    await receive('FinalizedTransfer', { transfer_id: first.transfer_id ?? 0n });
    await receive('FinalizedTransfer', { transfer_id: second.transfer_id ?? 0n });
  });

  it('is answered for a rejected configuration once', async ({ currency }) => {
    const { debtorId, send, receive, open } = currency;
    await open(ALICE);
    const config = { debtor_id: debtorId, creditor_id: ALICE, ts: fromNow(60_000), config_data: 'x' };
    const rejected = configureAccount(config);
    await send(rejected, rejected, rejected);
    await receive('RejectedConfig');
    await send(rejected);
    await open(ALICE, { ts: fromNow(120_000) });
  });
});
