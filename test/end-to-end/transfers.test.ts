import { describe, expect } from 'vitest';
import { ALICE, BOB, openAliceAndBob } from './support/alice-and-bob.ts';
import { it } from './support/end-to-end-test.ts';
import { fromNow, instant, isAboutNow } from './support/instants.ts';
import { accountId, finalizeTransfer, only, prepareTransfer } from './support/requests.ts';

const COMMIT_PERIOD = 7_776_000_000_000n;

describe('A payment', () => {
  it('is prepared, with all that its coordinator has to know', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, send, receive } = currency;
    const prepare = prepareTransfer({
      debtor_id: debtorId,
      creditor_id: ALICE,
      recipient: accountId(BOB),
      min_locked_amount: 1n,
      max_locked_amount: 300n,
      final_interest_rate_ts: '2100-02-28T23:30:00.000009-01:00',
    });
    await send(prepare);

    const delivery = await receive('PreparedTransfer', { creditor_id: ALICE });
    const { ts = '', transfer_id = 0n, deadline = '' } = delivery.message;
    expect(delivery).toStrictEqual({
      topic: 'to_coordinators',
      attributes: {
        type: 'PreparedTransfer',
        debtor_id: `${debtorId}`,
        creditor_id: '4294967297',
        coordinator_type: 'direct',
        coordinator_id: '4294967297',
        routing_key: '00.00.00.01.00.00.00.01',
      },
      message: {
        type: 'PreparedTransfer',
        debtor_id: debtorId,
        creditor_id: ALICE,
        ts,
        transfer_id,
        coordinator_type: 'direct',
        coordinator_id: ALICE,
        coordinator_request_id: prepare.coordinator_request_id,
        locked_amount: 300n,
        recipient: '18446744073709551614',
        prepared_at: ts,
        demurrage_rate: -50,
        deadline,
        final_interest_rate_ts: '2100-03-01T00:30:00.000009+00:00',
      },
    });
    expect(isAboutNow(ts)).toBe(true);
    expect(instant(deadline) - instant(ts)).toBe(COMMIT_PERIOD);
    expect(transfer_id).toBeGreaterThan(0n);
  });

  it('is committed, and told to its coordinator, its sender and its recipient', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, transfer } = currency;
    const note = 'Für Döner "extra scharf" 🌶 №1\u0000\uffff\ufffe\n\\';
    const { prepare, prepared, finalized, sent, received } = await transfer({
      from: ALICE,
      to: BOB,
      amount: 300n,
      note,
    });

    const { ts: committedAt = '' } = finalized;
    expect(instant(committedAt)).toBeGreaterThanOrEqual(instant(prepared.prepared_at));
    expect(finalized).toStrictEqual({
      type: 'FinalizedTransfer',
      debtor_id: debtorId,
      creditor_id: ALICE,
      ts: committedAt,
      transfer_id: prepared.transfer_id,
      coordinator_type: 'direct',
      coordinator_id: ALICE,
      coordinator_request_id: prepare.coordinator_request_id,
      committed_amount: 300n,
      status_code: 'OK',
      total_locked_amount: 0n,
      prepared_at: prepared.prepared_at,
    });
    const both = {
      type: 'AccountTransfer',
      debtor_id: debtorId,
      coordinator_type: 'direct',
      sender: '4294967297',
      recipient: '18446744073709551614',
      transfer_note: note,
      transfer_note_format: '',
      committed_at: committedAt,
    };
    expect(sent).toStrictEqual({
      ...both,
      creditor_id: ALICE,
      ts: sent?.ts,
      creation_date: sent?.creation_date,
      transfer_number: 2n,
      acquired_amount: -300n,
      principal: 700n,
      previous_transfer_number: 1n,
    });
    expect(received).toStrictEqual({
      ...both,
      creditor_id: BOB,
      ts: received?.ts,
      creation_date: received?.creation_date,
      transfer_number: 1n,
      acquired_amount: 300n,
      principal: 300n,
      previous_transfer_number: 0n,
    });
    for (const entry of [sent, received]) {
      expect(instant(entry?.ts)).toBeGreaterThanOrEqual(instant(committedAt));
      expect(entry?.creation_date).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });

  it('shows in the balances that both accounts announce', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { transfer, receive } = currency;
    const { finalized } = await transfer({ from: ALICE, to: BOB, amount: 300n });
    const { message: sender } = await receive('AccountUpdate', { creditor_id: ALICE, principal: 700n });
    const { message: recipient } = await receive('AccountUpdate', { creditor_id: BOB, principal: 300n });
    const { message: root } = await receive('AccountUpdate', { creditor_id: 0n, principal: -1000n });
    const ledgers = [sender, recipient, root].map(({ last_transfer_number, last_transfer_committed_at }) => [
      last_transfer_number,
      last_transfer_committed_at,
    ]);
    expect(ledgers).toStrictEqual([
      [2n, finalized.ts],
      [1n, finalized.ts],
      [0n, '1970-01-01T00:00:00+00:00'],
    ]);
  });

  it('can be dismissed, which makes the locked amount available again', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, send, receive, transfer } = currency;
    const hold = { debtor_id: debtorId, creditor_id: ALICE, recipient: accountId(BOB) };
    await send(prepareTransfer({ ...hold, min_locked_amount: 1000n, max_locked_amount: 1000n }));
    const { message: prepared } = await receive('PreparedTransfer', {
      locked_amount: 1000n,
      creditor_id: ALICE,
    });
    await send(prepareTransfer({ ...hold, min_locked_amount: 1n, max_locked_amount: 1n }));
    const { message: rejected } = await receive('RejectedTransfer');
    expect(only(rejected, ['status_code', 'total_locked_amount'])).toStrictEqual({
      status_code: 'INSUFFICIENT_AVAILABLE_AMOUNT',
      total_locked_amount: 1000n,
    });

    await send(finalizeTransfer(prepared, { committed_amount: 0n, transfer_note: 'never seen' }));
    const { message: dismissed } = await receive('FinalizedTransfer', {
      transfer_id: prepared.transfer_id ?? 0n,
    });
    expect(only(dismissed, ['committed_amount', 'status_code', 'total_locked_amount'])).toStrictEqual({
      committed_amount: 0n,
      status_code: 'OK',
      total_locked_amount: 0n,
    });
    await transfer({ from: ALICE, to: BOB, amount: 1000n });
  });

  it('locks as much as its limits and the balance allow, nothing included', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, send, receive } = currency;
    const prepare = { debtor_id: debtorId, creditor_id: ALICE, recipient: accountId(BOB) };
    const lockedAmounts: unknown[] = [];
    for (const [min_locked_amount, max_locked_amount] of [
      [400n, 600n],
      [399n, 9_223_372_036_854_775_807n],
      [0n, 9_223_372_036_854_775_807n],
    ] as const) {
      await send(prepareTransfer({ ...prepare, min_locked_amount, max_locked_amount }));
      lockedAmounts.push((await receive('PreparedTransfer', { creditor_id: ALICE })).message.locked_amount);
    }
    expect(lockedAmounts).toStrictEqual([600n, 400n, 0n]);
  });

  it('may commit more than was locked, as long as it is there', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, send, receive } = currency;
    const prepare = { debtor_id: debtorId, creditor_id: ALICE, recipient: accountId(BOB) };
    const outcomes: unknown[] = [];
    for (const committed_amount of [1001n, 1000n]) {
      await send(prepareTransfer({ ...prepare, min_locked_amount: 10n, max_locked_amount: 10n }));
      const { message: prepared } = await receive('PreparedTransfer', { creditor_id: ALICE });
      await send(finalizeTransfer(prepared, { committed_amount }));
      const { message } = await receive('FinalizedTransfer', { transfer_id: prepared.transfer_id ?? 0n });
      outcomes.push([message.status_code, message.committed_amount, message.total_locked_amount]);
    }
    expect(outcomes).toStrictEqual([
      ['INSUFFICIENT_AVAILABLE_AMOUNT', 0n, 0n],
      ['OK', 1000n, 0n],
    ]);
    await receive('AccountTransfer', { creditor_id: ALICE, acquired_amount: -1000n });
    await receive('AccountTransfer', { creditor_id: BOB, acquired_amount: 1000n });
  });

  it('times out at its deadline', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, send, receive } = currency;
    const prepare = prepareTransfer({
      debtor_id: debtorId,
      creditor_id: ALICE,
      recipient: accountId(BOB),
      min_locked_amount: 10n,
      max_locked_amount: 10n,
      ts: fromNow(-3_600_000),
      max_commit_delay: 60n,
    });
    await send(prepare);
    const { message: prepared } = await receive('PreparedTransfer', { creditor_id: ALICE });
    expect(instant(prepared.deadline)).toBe(BigInt(Date.parse(String(prepare.ts)) + 60_000) * 1000n);
    await send(finalizeTransfer(prepared, { committed_amount: 10n }));
    const { message } = await receive('FinalizedTransfer', { transfer_id: prepared.transfer_id ?? 0n });
    expect([message.status_code, message.committed_amount]).toStrictEqual(['TIMEOUT', 0n]);
  });

  it('is finalized only by the message that names it in all six fields', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, send, receive } = currency;
    const prepare = { debtor_id: debtorId, creditor_id: ALICE, recipient: accountId(BOB) };
    await send(prepareTransfer({ ...prepare, min_locked_amount: 10n, max_locked_amount: 10n }));
    const { message: prepared } = await receive('PreparedTransfer', { creditor_id: ALICE });
    const right = finalizeTransfer(prepared, { committed_amount: 10n });
    await send(
      { ...right, debtor_id: debtorId === 1n ? 2n : 1n },
      { ...right, creditor_id: BOB },
      { ...right, transfer_id: 1n },
      { ...right, coordinator_type: 'issuing' },
      { ...right, coordinator_id: BOB },
      { ...right, coordinator_request_id: -1n },
    );
    await send({ ...right, committed_amount: 7n });
    const { message } = await receive('FinalizedTransfer', { transfer_id: prepared.transfer_id ?? 0n });
    expect(message.committed_amount).toBe(7n);
    await receive('AccountTransfer', { creditor_id: ALICE, acquired_amount: -7n });
    await receive('AccountTransfer', { creditor_id: BOB, acquired_amount: 7n });
  });

  it('to an account that gets only negligible amounts is not told to it', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { debtorId, send, receive, open, transfer } = currency;
    await open(BOB, { negligible_amount: 9.5, seqnum: 1n, ts: fromNow(1000) });
    const prepare = { debtor_id: debtorId, creditor_id: ALICE, recipient: accountId(BOB) };
    await send(prepareTransfer({ ...prepare, min_locked_amount: 9n, max_locked_amount: 9n }));
    const { message: prepared } = await receive('PreparedTransfer', { creditor_id: ALICE });
    await send(finalizeTransfer(prepared, { committed_amount: 9n }));
    await receive('FinalizedTransfer', { creditor_id: ALICE, committed_amount: 9n });
    await receive('AccountTransfer', { creditor_id: ALICE, acquired_amount: -9n });
    await receive('AccountUpdate', { creditor_id: BOB, principal: 9n });

    const { received } = await transfer({ from: ALICE, to: BOB, amount: 10n });
    expect(received).toMatchObject({ transfer_number: 1n, previous_transfer_number: 0n, principal: 19n });
  });
});
