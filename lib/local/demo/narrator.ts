/** Tells in plain words what the demo's messages say. */

import type { WireMessage } from '../wire.ts';
import { CAST, DEAD_LETTER } from './script.ts';

/** Of a message that goes in. */
export function tellSent(message: WireMessage): string {
  const sender = nameOf(message.creditor_id);
  switch (message.type) {
    case 'ConfigureAccount':
      return message.creditor_id === 0n ? `${sender} opens its currency` : `${sender} opens an account`;
    case 'PrepareTransfer':
      return `${sender} asks to ${verbOf(message)} ${amount(message.max_locked_amount)} to ${nameOfAccount(message.recipient)}`;
    case 'FinalizeTransfer':
      return message.committed_amount === 0n
        ? `${sender} gives up the transfer`
        : `${sender} commits ${amount(message.committed_amount)}${noteOf(message)}`;
    default:
      return JSON.stringify(message.type);
  }
}

/** Of a message that came out. */
export function tellReceived(message: WireMessage): string {
  const owner = nameOf(message.creditor_id);
  switch (message.type) {
    case 'AccountUpdate':
      return message.last_change_seqnum === 0n
        ? `${owner} has an open account`
        : `${owner} now has ${amount(message.principal)}`;
    case 'PreparedTransfer':
      return `${owner} has ${amount(message.locked_amount)} locked for ${nameOfAccount(message.recipient)}`;
    case 'RejectedTransfer':
      return `${owner} is refused: ${String(message.status_code).toLowerCase().replaceAll('_', ' ')}`;
    case 'FinalizedTransfer':
      return tellFinalized(message, owner);
    case 'AccountTransfer':
      return tellAccountTransfer(message, owner);
    case DEAD_LETTER:
      return `Put aside: ${message.reason}`;
    default:
      return JSON.stringify(message.type);
  }
}

function tellFinalized({ status_code, committed_amount }: WireMessage, owner: string): string {
  if (status_code !== 'OK') {
    return `${owner}'s transfer fails: ${status_code}`;
  }
  return committed_amount === 0n
    ? `${owner}'s transfer is off, and its lock released`
    : `${owner}'s transfer of ${amount(committed_amount)} is final`;
}

function tellAccountTransfer(message: WireMessage, owner: string): string {
  const acquired = message.acquired_amount as bigint;
  return acquired < 0n
    ? `${owner} paid ${amount(-acquired)} to ${nameOfAccount(message.recipient)}${noteOf(message)}`
    : `${owner} got ${amount(acquired)} from ${nameOfAccount(message.sender)}${noteOf(message)}`;
}

export function nameOf(creditorId: unknown): string {
  return CAST.get(creditorId as bigint) ?? `creditor ${creditorId}`;
}

/** The name for an account ID, in which the creditor ID is unsigned. */
function nameOfAccount(accountId: unknown): string {
  const text = String(accountId);
  return /^\d+$/.test(text) ? nameOf(BigInt.asIntN(64, BigInt(text))) : text;
}

export function amount(value: unknown): string {
  return typeof value === 'bigint' ? value.toLocaleString('en').replace('-', '−') : String(value);
}

function verbOf({ coordinator_type }: WireMessage): string {
  return coordinator_type === 'issuing' ? 'issue' : 'pay';
}

function noteOf({ transfer_note }: WireMessage): string {
  return transfer_note === '' ? '' : `: “${transfer_note}”`;
}
