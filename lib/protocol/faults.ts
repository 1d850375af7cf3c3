/** Says why a message is refused: all its faults, in printable ASCII that fits into logs and message attributes. */

import { type MemberValue, MINUS_ZERO } from './json-members.ts';

/** The kinds of JSON value that fields of messages have. */
export type JsonKind = 'integer' | 'number' | 'string';

export interface Fault {
  /** The field's name on the wire. */
  readonly field: string;
  /** The rest of a sentence that begins with the field's name. */
  readonly words: string;
}

/** Faults are described in so many characters. Those for which there is no room are named. */
const MAX_DESCRIBED_LENGTH = 400;

/** @param faults in the order of the fields; at least one */
export function describeFaults(type: string, faults: readonly Fault[]): string {
  let text = `${type}.`;
  for (const [index, { field, words }] of faults.entries()) {
    const next = `${text}${index === 0 ? '' : '; '}${field}: ${words}`;
    if (index > 0 && next.length > MAX_DESCRIBED_LENGTH) {
      const names = faults.slice(index).map((fault) => fault.field);
      return `${text}; also wrong: ${names.join(', ')}`;
    }
    text = next;
  }
  return text;
}

/** What the value is instead of the kind that is expected, as `, but is null`; nothing when it is of that kind. */
export function describeKind(value: MemberValue, expected: JsonKind): string {
  const words = kindInWords(value, expected);
  return words === undefined ? '' : `, but ${words}`;
}

function kindInWords(value: MemberValue, expected: JsonKind): string | undefined {
  if (value === null) {
    return 'is null';
  }
  if (typeof value === 'string') {
    return expected === 'string' ? undefined : 'is a string';
  }
  if (typeof value === 'boolean') {
    return 'is a boolean';
  }
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'is an array' : 'is an object';
  }
  return expected === 'string' ? 'is a number' : numberInWords(value, expected);
}

function numberInWords(value: bigint | number | typeof MINUS_ZERO, expected: JsonKind): string | undefined {
  if (value !== MINUS_ZERO && !Number.isFinite(Number(value))) {
    return 'is beyond all numbers';
  }
  if (expected === 'number' || typeof value !== 'number') {
    return undefined;
  }
  return Number.isInteger(value) ? 'is written with a point or an exponent' : 'has a fraction';
}
