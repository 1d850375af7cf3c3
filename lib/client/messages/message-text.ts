/** Reads any message of the protocol, whichever way it goes. */

import {
  MalformedMessageError,
  parseIncomingMessage,
  parseOutgoingMessage,
  printMessage,
} from '../../protocol/codec.ts';
import { INCOMING_MESSAGE_SCHEMAS } from '../../protocol/messages.ts';
import type { IncomingMessage, OutgoingMessage } from './message-types.ts';

/** A message of SMP 2.1. Incoming ones go to the accounting authority, outgoing ones come from it. */
export type Message = IncomingMessage | OutgoingMessage;

/**
 * The message that the text holds. 64-bit integers are bigints, instants are bigints in microseconds since 1970.
 * SMP 2.1, JSON form.
 * @throws {MalformedMessageError} for a text that is no JSON object, a key that occurs twice, an unknown type, or a field that
 *   breaks its table
 */
export function parseMessage(text: string): Message {
  return isIncoming(text) ? parseIncomingMessage(text) : parseOutgoingMessage(text);
}

/**
 * The very message, after all its fields were checked against the protocol's limits.
 * @throws {MalformedMessageError} naming each wrong field
 */
export function checkMessage<M extends IncomingMessage>(message: M): M {
  const checked = INCOMING_MESSAGE_SCHEMAS[message.type].safeParse(message);
  if (checked.success) {
    return checked.data as M;
  }
  // The text of a wrong message says best what is wrong with it.
  parseIncomingMessage(printMessage(message));
  // A number that should be a bigint makes a good text, which may be of another number.
  const fields = [...new Set(checked.error.issues.map(({ path: [name] }) => String(name)))];
  throw new MalformedMessageError(
    `${fields.join(', ')}: write 64-bit integers and instants as bigints, as in 250n; numbers beyond 2^53 are not exact`,
  );
}

function isIncoming(text: string): boolean {
  try {
    return Object.hasOwn(INCOMING_MESSAGE_SCHEMAS, JSON.parse(text).type);
  } catch {
    // The parser of outgoing messages says what is wrong with it.
    return false;
  }
}
