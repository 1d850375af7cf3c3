/** Which coordinators a PrepareTransfer may name. SMP 2.1, PrepareTransfer, invalid. */

import { describe, expect, it } from 'vitest';
import { parseIncomingMessage } from '../../lib/protocol/codec.ts';
import { wireText } from '../support/wire-messages.ts';

interface Claim {
  readonly type: string;
  readonly coordinator: string;
  readonly debtor: string;
  readonly creditor: string;
}

function prepareTransfer({ type, coordinator, debtor, creditor }: Claim): string {
  return wireText('PrepareTransfer', {
    coordinator_type: JSON.stringify(type),
    coordinator_id: coordinator,
    debtor_id: debtor,
    creditor_id: creditor,
  });
}

describe('PrepareTransfer', () => {
  it.each<Claim>([
    { type: 'direct', coordinator: '5', debtor: '1', creditor: '5' },
    { type: 'direct', coordinator: '0', debtor: '1', creditor: '0' },
    { type: 'issuing', coordinator: '-1', debtor: '-1', creditor: '0' },
    { type: 'agent', coordinator: '1099511627776', debtor: '1', creditor: '2199023255551' },
    { type: 'agent', coordinator: '1099511627777', debtor: '1', creditor: '1099511627777' },
    { type: 'agent', coordinator: '-1', debtor: '1', creditor: '-1099511627776' },
    { type: 'agent', coordinator: '-9223372036854775808', debtor: '1', creditor: '-9223370937343148033' },
    { type: 'other', coordinator: '9', debtor: '1', creditor: '5' },
    { type: 'Direct', coordinator: '9', debtor: '1', creditor: '5' },
    { type: 'interests', coordinator: '9', debtor: '1', creditor: '5' },
  ])('may come from $type coordinator $coordinator for ($debtor, $creditor)', (claim) => {
    expect(parseIncomingMessage(prepareTransfer(claim))).toMatchObject({
      coordinatorType: claim.type,
      coordinatorId: BigInt(claim.coordinator),
    });
  });

  it.each<Claim & { fault: string }>([
    {
      ...{ type: 'direct', coordinator: '6', debtor: '1', creditor: '5' },
      fault: 'coordinator_id: must equal creditor_id for coordinator_type direct',
    },
    {
      ...{ type: 'direct', coordinator: '1', debtor: '1', creditor: '5' },
      fault: 'coordinator_id: must equal creditor_id for coordinator_type direct',
    },
    {
      ...{ type: 'issuing', coordinator: '0', debtor: '1', creditor: '0' },
      fault: 'coordinator_id: must equal debtor_id for coordinator_type issuing',
    },
    {
      ...{ type: 'issuing', coordinator: '1', debtor: '1', creditor: '1' },
      fault: 'creditor_id: must be 0 for coordinator_type issuing',
    },
    {
      ...{ type: 'agent', coordinator: '2199023255552', debtor: '1', creditor: '2199023255551' },
      fault: 'coordinator_id: must belong to the agent of creditor_id for coordinator_type agent',
    },
    {
      ...{ type: 'agent', coordinator: '1099511627775', debtor: '1', creditor: '1099511627776' },
      fault: 'coordinator_id: must belong to the agent of creditor_id for coordinator_type agent',
    },
    {
      ...{ type: 'agent', coordinator: '7', debtor: '1', creditor: '7' },
      fault: 'coordinator_id: must belong to the agent of creditor_id for coordinator_type agent',
    },
    {
      ...{ type: 'agent', coordinator: '0', debtor: '1', creditor: '0' },
      fault: 'coordinator_id: must belong to the agent of creditor_id for coordinator_type agent',
    },
    {
      ...{ type: 'agent', coordinator: '-1', debtor: '1', creditor: '9223372036854775807' },
      fault: 'coordinator_id: must belong to the agent of creditor_id for coordinator_type agent',
    },
    {
      ...{ type: 'interest', coordinator: '1', debtor: '1', creditor: '1' },
      fault: 'coordinator_type: must not be one of the types that only the server uses',
    },
    {
      ...{ type: 'delete', coordinator: '1', debtor: '1', creditor: '1' },
      fault: 'coordinator_type: must not be one of the types that only the server uses',
    },
  ])('is invalid from $type coordinator $coordinator for ($debtor, $creditor)', ({ fault, ...claim }) => {
    expect(() => parseIncomingMessage(prepareTransfer(claim))).toThrow(`PrepareTransfer.${fault}`);
  });
});
