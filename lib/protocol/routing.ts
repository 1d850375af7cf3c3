/** Where each outgoing message goes: the topic, by its name in the protocol, and the attributes that subscribers filter by. */

import { ROOT_CREDITOR_ID } from './constants.ts';
import type { OutgoingMessage } from './messages.ts';

export type Topic = 'to_creditors' | 'to_debtors' | 'to_coordinators';

export interface Route {
  readonly topic: Topic;
  /** Attribute names and their String values; none is empty. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The topic and the attributes of an outgoing message. SMP 2.1, JSON form, wire. */
export function routeOf(message: OutgoingMessage): Route {
  const common = {
    type: message.type,
    debtor_id: message.debtorId.toString(),
    creditor_id: message.creditorId.toString(),
  };
  switch (message.type) {
    case 'PreparedTransfer':
    case 'RejectedTransfer':
    case 'FinalizedTransfer':
      return {
        topic: 'to_coordinators',
        attributes: {
          ...common,
          coordinator_type: message.coordinatorType,
          coordinator_id: message.coordinatorId.toString(),
          routing_key: printRoutingKey(message.coordinatorId),
        },
      };
    case 'AccountUpdate':
    case 'AccountTransfer':
    case 'AccountPurge':
    case 'RejectedConfig':
      return message.creditorId === ROOT_CREDITOR_ID
        ? { topic: 'to_debtors', attributes: { ...common, routing_key: printRoutingKey(message.debtorId) } }
        : {
            topic: 'to_creditors',
            attributes: { ...common, routing_key: printRoutingKey(message.creditorId) },
          };
    default:
      return message satisfies never;
  }
}

/** The int64 as its 8 bytes, highest first, in lower-case hex joined by dots (`-2n` → `ff.ff.ff.ff.ff.ff.ff.fe`). */
export function printRoutingKey(id: bigint): string {
  const digits = BigInt.asUintN(64, id).toString(16).padStart(16, '0');
  return digits.replace(/..(?=.)/g, '$&.');
}
