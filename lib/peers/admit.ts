/** Whether a peer may send a message. Asked where the peer connects, and again where the message is processed. */

import { ROOT_CREDITOR_ID } from '../protocol/constants.ts';
import type { IncomingMessage } from '../protocol/messages.ts';
import { MICROSECONDS_IN_SECOND, type Timestamp } from '../protocol/timestamps.ts';
import { isInRange } from './id-range.ts';
import type { Responsibility } from './peer.ts';

/** A message's `ts` may be this far ahead of the authority's clock, in seconds. */
export const MAX_SECONDS_AHEAD = 7_200n;

/**
 * Why the peer may not send this message, as a printable ASCII sentence for the peer's operator; `undefined` when it may.
 * @param message a valid one, as the codec returns it
 * @param now the authority's time
 */
export function admit(peer: Responsibility, message: IncomingMessage, now: Timestamp): string | undefined {
  if (!isInRange(peer.authorityRange, message.debtorId)) {
    return `debtor_id: must be one of this authority's, which begin with ${peer.authorityRange.digits}`;
  }
  if (message.ts > now + MAX_SECONDS_AHEAD * MICROSECONDS_IN_SECOND) {
    return 'ts: is more than 2 hours ahead';
  }
  return peer.type === 'creditors-agent'
    ? admitFromCreditorsAgent(peer, message)
    : admitFromDebtorsAgent(peer, message);
}

function admitFromCreditorsAgent({ range }: Responsibility, message: IncomingMessage): string | undefined {
  if (!isInRange(range, message.creditorId)) {
    return `creditor_id: must be one of this creditors agent's, which begin with ${range.digits}`;
  }
  if (message.type === 'ConfigureAccount') {
    return undefined;
  }
  const { coordinatorType, coordinatorId, creditorId } = message;
  switch (coordinatorType) {
    case 'direct':
      return coordinatorId === creditorId
        ? undefined
        : 'coordinator_id: must equal creditor_id for coordinator_type direct';
    case 'agent':
      return isInRange(range, coordinatorId)
        ? undefined
        : `coordinator_id: must be one of this creditors agent's, which begin with ${range.digits}`;
    default:
      return 'coordinator_type: must be direct or agent when a creditors agent sends it';
  }
}

function admitFromDebtorsAgent({ range }: Responsibility, message: IncomingMessage): string | undefined {
  if (!isInRange(range, message.debtorId)) {
    return `debtor_id: must be one of this debtors agent's, which begin with ${range.digits}`;
  }
  if (message.creditorId !== ROOT_CREDITOR_ID) {
    return 'creditor_id: must be 0 when a debtors agent sends it';
  }
  if (message.type === 'ConfigureAccount') {
    return undefined;
  }
  if (message.coordinatorType !== 'issuing') {
    return 'coordinator_type: must be issuing when a debtors agent sends it';
  }
  return message.coordinatorId === message.debtorId
    ? undefined
    : 'coordinator_id: must equal debtor_id for coordinator_type issuing';
}
