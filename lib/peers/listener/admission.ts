/** What the listener makes of a SEND frame: a message for the peer's queue, a refusal of this message, or the connection's end. */

import { MalformedMessageError, parseIncomingMessage, printMessage } from '../../protocol/codec.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';
import { admit } from '../admit.ts';
import type { Responsibility } from '../peer.ts';
import type { Frame } from '../stomp/frame.ts';

export type Admission =
  | { readonly kind: 'message'; readonly receipt: string; readonly body: string }
  | { readonly kind: 'refused'; readonly receipt: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Who sends, where to, and the time. */
export interface Door {
  readonly peer: Responsibility;
  /** Where messages must be sent to, as the authority's manifest says. */
  readonly destination: string;
  /** The authority's time. */
  readonly now: () => Timestamp;
}

const CONTENT_TYPE = 'application/json';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Only a message that could be named in the answer can be refused alone; without a receipt, the connection fails.
 * @param sent a SEND frame
 */
export function admitFrame({ headers, body }: Frame, door: Door): Admission {
  const receipt = headers.get('receipt');
  if (receipt === undefined) {
    return { kind: 'failed', reason: 'SEND must have a receipt header.' };
  }
  if (headers.has('transaction')) {
    return { kind: 'failed', reason: 'There are no transactions.' };
  }
  const refused = (reason: string): Admission => ({ kind: 'refused', receipt, reason });
  if (headers.get('destination') !== door.destination) {
    return refused(`destination: must be ${door.destination}`);
  }
  if (headers.get('content-type') !== CONTENT_TYPE) {
    return refused(`content-type: must be ${CONTENT_TYPE}`);
  }
  try {
    const message = parseIncomingMessage(utf8.decode(body));
    if (headers.get('type') !== message.type) {
      return refused("type: the header must be the message's type");
    }
    const reason = admit(door.peer, message, door.now());
    // Written anew, since a queue does not take all characters that JSON may have.
    return reason === undefined ? { kind: 'message', receipt, body: printMessage(message) } : refused(reason);
  } catch (error) {
    if (error instanceof MalformedMessageError) {
      return refused(error.message);
    }
    if (error instanceof TypeError) {
      return refused('the body is not UTF-8');
    }
    throw error;
  }
}
