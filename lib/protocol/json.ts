/**
 * JSON without loss: an integer literal is a bigint and any other number a double, in both directions. The text that is
 * written has only characters that SQS and SNS carry raw.
 */

/** A JSON value whose integers are bigints and whose other numbers are numbers (floats). */
export type JsonValue = null | boolean | string | bigint | number | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** An integer of more digits is beyond all doubles, and to make a bigint of it could take long. */
const INTEGER_LITERAL = /^-?[0-9]{1,309}$/;
const NOT_CARRIED_RAW = /[\ufffe\uffff]/g;

/**
 * The value of a JSON text. Literals with `.` or an exponent become numbers, others bigints (`-0` is `0n`); a literal beyond
 * all doubles becomes an infinity. The last of duplicate keys wins.
 * @throws {SyntaxError} where the text is no JSON or is nested too deeply
 */
export function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text, reviveNumber as (key: string, value: unknown) => unknown);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new SyntaxError('nested too deeply', { cause: error });
    }
    throw error;
  }
}

/** The value of one JSON number literal, as in `parseJson`, in time linear in the literal's length. */
export function parseJsonNumber(literal: string): bigint | number {
  return INTEGER_LITERAL.test(literal) ? BigInt(literal) : Number(literal);
}

/**
 * The JSON text of a value, without spaces: bigints as digits, numbers as floats.
 * @throws {RangeError} for NaN and the infinities
 */
export function printJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (typeof value === 'number') {
    return printFloat(value);
  }
  if (typeof value === 'string') {
    return printJsonString(value);
  }
  if (isArray(value)) {
    return `[${value.map(printJson).join(',')}]`;
  }
  const members = Object.entries(value).map(
    ([key, member]) => `${printJsonString(key)}:${printJson(member)}`,
  );
  return `{${members.join(',')}}`;
}

/**
 * The shortest text that denotes exactly this double, always with `.` or an exponent (`-0` is `-0.0`).
 * @throws {RangeError} for NaN and the infinities
 */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) {
    throw new RangeError(`JSON has no number ${value}`);
  }
  if (Object.is(value, -0)) {
    return '-0.0';
  }
  const text = String(value);
  return text.includes('.') || text.includes('e') ? text : `${text}.0`;
}

/**
 * A JSON string literal. Escapes only quotes, backslashes, control characters, lone surrogates, and the two characters that
 * SQS and SNS refuse raw (U+FFFE, U+FFFF).
 */
export function printJsonString(text: string): string {
  return JSON.stringify(text).replace(NOT_CARRIED_RAW, (character) =>
    character === '\ufffe' ? '\\ufffe' : '\\uffff',
  );
}

function reviveNumber(_key: string, value: unknown, context: { readonly source: string }): unknown {
  return typeof value === 'number' ? parseJsonNumber(context.source) : value;
}

function isArray(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
