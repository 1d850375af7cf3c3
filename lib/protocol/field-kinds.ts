/** The kinds of field in messages: how each is read from JSON and written to it. The field table holds the limits. */

import type { JsonKind } from './faults.ts';
import { printFloat, printJsonString } from './json.ts';
import { type MemberValue, MINUS_ZERO } from './json-members.ts';
import { parseTimestamp, printTimestamp, type Timestamp } from './timestamps.ts';

/** How values of one kind are read and written. SMP 2.1, JSON form. */
export interface FieldKind<T> {
  /** The value that the JSON denotes, or `undefined` where it is of another kind. Does not check limits. */
  readonly parse: (json: MemberValue) => T | undefined;
  /** The JSON text of a value. */
  readonly print: (value: T) => string;
  readonly jsonKind: JsonKind;
}

export const int64Kind: FieldKind<bigint> = {
  parse: parseInteger,
  print: (value) => value.toString(),
  jsonKind: 'integer',
};

export const int32Kind: FieldKind<number> = {
  parse: (json) => {
    const value = parseInteger(json);
    return value === undefined ? undefined : Number(value);
  },
  // BigInt throws for a fraction, which would else become a float on the wire.
  print: (value) => BigInt(value).toString(),
  jsonKind: 'integer',
};

/** Any finite double. An integer literal is read as one, too. */
export const floatKind: FieldKind<number> = {
  parse: (json) => {
    const value = json === MINUS_ZERO ? -0 : typeof json === 'bigint' ? Number(json) : json;
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  },
  print: printFloat,
  jsonKind: 'number',
};

export const stringKind: FieldKind<string> = {
  parse: (json) => (typeof json === 'string' ? json : undefined),
  print: printJsonString,
  jsonKind: 'string',
};

export const dateTimeKind: FieldKind<Timestamp> = {
  parse: (json) => (typeof json === 'string' ? parseTimestamp(json) : undefined),
  print: (value) => `"${printTimestamp(value)}"`,
  jsonKind: 'string',
};

/** `YYYY-MM-DD`, kept as text. */
export const dateKind: FieldKind<string> = stringKind;

/** Upper-case hexadecimal, two digits a byte, kept as text. */
export const bytesKind: FieldKind<string> = stringKind;

function parseInteger(json: MemberValue): bigint | undefined {
  return json === MINUS_ZERO ? 0n : typeof json === 'bigint' ? json : undefined;
}
