/** SMP messages as people and the demo see them: with the names of the wire, valid or not. */

import { parseJson } from '../protocol/json.ts';

export type WireMessage = Readonly<Record<string, unknown>>;

/**
 * The members of a JSON object; integers are bigints.
 * @throws {SyntaxError} where the text is no JSON
 */
export function parseWire(text: string): WireMessage {
  return parseJson(text) as WireMessage;
}

/** Whether the message has all these values. */
export function hasFields(message: WireMessage, fields: WireMessage): boolean {
  return Object.entries(fields).every(([name, value]) => message[name] === value);
}
