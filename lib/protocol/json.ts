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
 * @param readNumber what becomes of the literal of a number
 * @throws {SyntaxError} where the text is no JSON or is nested too deeply
 */
export function parseJson(
  text: string,
  readNumber: (literal: string) => bigint | number = parseJsonNumber,
): JsonValue {
  const revive = (_key: string, value: unknown, { source }: { readonly source: string }): unknown =>
    typeof value === 'number' ? readNumber(source) : value;
  try {
    return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
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

const NUMBER_LITERAL = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
/** More digits than any integer field has. */
const MAX_DIGITS = 309;

/** The value of one JSON number literal: a bigint where it is an integer, however written (`1000.0`, `1e3`). Exact. */
export function parseMathematicalNumber(literal: string): bigint | number {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER_LITERAL.exec(literal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') {
    return 0n;
  }
  const zeros = Number(exponent) - fraction.length + digits.length - significant.length;
  return zeros < 0 || significant.length + zeros > MAX_DIGITS
    ? Number(literal)
    : BigInt(`${sign}${significant}${'0'.repeat(zeros)}`);
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

function isArray(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}
