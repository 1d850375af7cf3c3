/**
 * Reads the members of a JSON object with what `JSON.parse` loses: the exact literals of numbers, and keys that occur twice.
 * `JSON.parse` reads all else.
 */

import { type JsonValue, parseJsonNumber } from './json.ts';
import { quoted } from './quoting.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKETS = new Set([0x5b, 0x7b]);
const CLOSING_BRACKETS = new Set([0x5d, 0x7d]);

/** A text that is not one JSON object with distinct keys. `message` says why in one sentence. */
export class JsonObjectError extends Error {
  override readonly name = 'JsonObjectError';
}

/**
 * The members of the JSON object that the text is, by key. Numbers are as `parseJsonNumber` returns them. An array or object
 * is returned empty, since no field of an SMP message is one.
 * @throws {JsonObjectError} where the text is no JSON, is no object, or has a key twice (however escaped)
 */
export function parseJsonMembers(text: string): Map<string, JsonValue> {
  const object = parseObject(text);
  // From here on the text is known to be well-formed.
  const members = new Map<string, JsonValue>();
  let position = text.indexOf('"');
  while (position !== -1) {
    const endOfKey = endOfString(text, position);
    const key: string = JSON.parse(text.slice(position, endOfKey));
    if (members.has(key)) {
      throw new JsonObjectError(`the key ${quoted(key)} stands twice in the object`);
    }
    const start = text.indexOf(':', endOfKey) + 1;
    const end = endOfValue(text, start);
    members.set(key, memberValue(object[key], text.slice(start, end)));
    position = text.indexOf('"', end);
  }
  return members;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new JsonObjectError('the text is not JSON', { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new JsonObjectError('the JSON is not an object');
}

function memberValue(value: unknown, literal: string): JsonValue {
  if (typeof value === 'number') {
    return parseJsonNumber(literal.trim());
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) {
    return value;
  }
  return Array.isArray(value) ? [] : {};
}

/** The position after the string whose opening quote is at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) {
    end = text.indexOf('"', end + 1);
  }
  return end + 1;
}

function isEscaped(text: string, position: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(position - 1 - backslashes) === BACKSLASH) {
    backslashes += 1;
  }
  return backslashes % 2 === 1;
}

/** The position of the comma or brace that ends the member's value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let position = start;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = endOfString(text, position);
      continue;
    }
    if (depth === 0 && (code === COMMA || CLOSING_BRACKETS.has(code))) {
      return position;
    }
    if (OPENING_BRACKETS.has(code)) {
      depth += 1;
    }
    if (CLOSING_BRACKETS.has(code)) {
      depth -= 1;
    }
    position += 1;
  }
}
