import { describe, expect } from 'vitest';
import { ALICE, openAliceAndBob } from './support/alice-and-bob.ts';
import { it } from './support/end-to-end-test.ts';
import { accountId, finalizeTransfer, only, prepareTransfer, routingKey } from './support/requests.ts';

describe('Issuing', () => {
  it('is told to the debtor as a coordinator, and stops at the limit', async ({ currency }) => {
    const { debtorId, openRoot, open, transfer, send, receive } = currency;
    await openRoot({ config_data: '{"type":"RootConfigData","limit":1000}' });
    await open(ALICE);
    const { finalized, sent, received } = await transfer({ from: 0n, to: ALICE, amount: 1000n });
    expect(only(finalized, ['coordinator_type', 'coordinator_id', 'creditor_id'])).toStrictEqual({
      coordinator_type: 'issuing',
      coordinator_id: debtorId,
      creditor_id: 0n,
    });
    expect(sent).toBe(undefined);
    expect(received).toMatchObject({ sender: '0', coordinator_type: 'issuing', acquired_amount: 1000n });

    const more = { debtor_id: debtorId, creditor_id: 0n, recipient: accountId(ALICE) };
    await send(prepareTransfer({ ...more, min_locked_amount: 1n, max_locked_amount: 1n }));
    const { attributes, message } = await receive('RejectedTransfer');
    expect(attributes).toStrictEqual({
      type: 'RejectedTransfer',
      debtor_id: `${debtorId}`,
      creditor_id: '0',
      coordinator_type: 'issuing',
      coordinator_id: `${debtorId}`,
      routing_key: routingKey(debtorId),
    });
    expect(message.status_code).toBe('INSUFFICIENT_AVAILABLE_AMOUNT');
  });

  it('is undone by a payment to the root account, which is told of no transfers', async ({ currency }) => {
    await openAliceAndBob(currency);
    const { received } = await currency.transfer({ from: ALICE, to: 0n, amount: 1000n });
    expect(received).toBe(undefined);
    await currency.receive('AccountUpdate', { creditor_id: 0n, principal: 0n, last_transfer_number: 0n });
  });
});

describe('An agent', () => {
  const SENDER = 0x0a_bc_de_00_00_00_00_01n;
  const NEIGHBOUR = 0x0a_bc_de_00_00_00_00_02n;

  it('can pay to an account that does not exist yet, which the payment opens', async ({ currency }) => {
    const { debtorId, openRoot, open, transfer, send, receive } = currency;
    await openRoot({ config_data: '{"type":"RootConfigData","rate":7.25}' });
    await open(SENDER);
    await transfer({ from: 0n, to: SENDER, amount: 100n });
    const prepare = prepareTransfer({
      debtor_id: debtorId,
      creditor_id: SENDER,
      coordinator_type: 'agent',
      coordinator_id: 0x0a_bc_de_ff_ff_ff_ff_ffn,
      recipient: accountId(NEIGHBOUR),
      min_locked_amount: 60n,
      max_locked_amount: 60n,
    });
    await send(prepare);
    const { message: prepared, attributes } = await receive('PreparedTransfer', { creditor_id: SENDER });
    expect(attributes.routing_key).toBe('0a.bc.de.ff.ff.ff.ff.ff');
    await send(finalizeTransfer(prepared, { committed_amount: 60n }));
    await receive('FinalizedTransfer', { creditor_id: SENDER, committed_amount: 60n });
    await receive('AccountTransfer', { creditor_id: SENDER, acquired_amount: -60n });
    const { message: entry } = await receive('AccountTransfer', { creditor_id: NEIGHBOUR });
    expect(only(entry, ['coordinator_type', 'acquired_amount', 'principal'])).toStrictEqual({
      coordinator_type: 'agent',
      acquired_amount: 60n,
      principal: 60n,
    });
    const { message: update } = await receive('AccountUpdate', { creditor_id: NEIGHBOUR });
    expect(update).toMatchObject({
      principal: 60n,
      interest_rate: 7.25,
      last_config_ts: '1970-01-01T00:00:00+00:00',
      negligible_amount: 0,
    });
  });
});
