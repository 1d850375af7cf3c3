/** Topic and attributes of every outgoing message, and the form of routing keys. */

import { describe, expect, it } from 'vitest';
import { parseOutgoingMessage } from '../../lib/protocol/codec.ts';
import { printRoutingKey, routeOf } from '../../lib/protocol/routing.ts';
import { type MessageType, wireText } from '../support/wire-messages.ts';

function route(type: MessageType, changes: Readonly<Record<string, string>>) {
  return routeOf(parseOutgoingMessage(wireText(type, changes)));
}

describe('routeOf', () => {
  it.each(['AccountUpdate', 'AccountTransfer', 'AccountPurge', 'RejectedConfig'] as const)(
    'sends %s of an ordinary account to the creditors, by creditor ID',
    (type) => {
      expect(route(type, { debtor_id: '-1', creditor_id: '-2' })).toStrictEqual({
        topic: 'to_creditors',
        attributes: {
          type,
          debtor_id: '-1',
          creditor_id: '-2',
          routing_key: 'ff.ff.ff.ff.ff.ff.ff.fe',
        },
      });
    },
  );

  it.each(['AccountUpdate', 'AccountTransfer', 'AccountPurge', 'RejectedConfig'] as const)(
    'sends %s of a root account to the debtors, by debtor ID',
    (type) => {
      expect(route(type, { debtor_id: '258', creditor_id: '0' })).toStrictEqual({
        topic: 'to_debtors',
        attributes: {
          type,
          debtor_id: '258',
          creditor_id: '0',
          routing_key: '00.00.00.00.00.00.01.02',
        },
      });
    },
  );

  it.each([
    ['PreparedTransfer', '0'],
    ['PreparedTransfer', '4294967296'],
    ['RejectedTransfer', '0'],
    ['RejectedTransfer', '4294967296'],
    ['FinalizedTransfer', '0'],
    ['FinalizedTransfer', '4294967296'],
  ] as const)('sends %s of creditor %s to the coordinators, by coordinator ID', (type, creditorId) => {
    const changes = {
      debtor_id: '1',
      creditor_id: creditorId,
      coordinator_type: '"issuing"',
      coordinator_id: '-9223372036854775808',
    };
    expect(route(type, changes)).toStrictEqual({
      topic: 'to_coordinators',
      attributes: {
        type,
        debtor_id: '1',
        creditor_id: creditorId,
        coordinator_type: 'issuing',
        coordinator_id: '-9223372036854775808',
        routing_key: '80.00.00.00.00.00.00.00',
      },
    });
  });
});

describe('routing key', () => {
  it.each([
    [0n, '00.00.00.00.00.00.00.00'],
    [1n, '00.00.00.00.00.00.00.01'],
    [4294967296n, '00.00.00.01.00.00.00.00'],
    [9223372036854775807n, '7f.ff.ff.ff.ff.ff.ff.ff'],
    [-9223372036854775808n, '80.00.00.00.00.00.00.00'],
    [-2n, 'ff.ff.ff.ff.ff.ff.ff.fe'],
    [-1n, 'ff.ff.ff.ff.ff.ff.ff.ff'],
  ])('of %i is %s', (id, key) => {
    expect(printRoutingKey(id)).toBe(key);
  });
});
