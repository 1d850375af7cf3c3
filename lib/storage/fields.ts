/**
 * How single values are kept in items: the building blocks of the item codecs. Integers and instants are DynamoDB
 * numbers; floats are strings, since a DynamoDB number stops at 9.99e125. Defaults are left out, to keep items small.
 */

/** A value as the document client takes and returns it. All our numbers are integers, and are read as bigints. */
export type AttributeValue = string | bigint;
export type Item = Record<string, AttributeValue>;

/** How one field is kept; `decode` gets `undefined` for an absent attribute and returns `undefined` for an illegal one. */
export interface FieldCodec<T> {
  readonly attribute: string;
  /** The DynamoDB type. */
  readonly kind: 'number' | 'text';
  readonly encode: (value: T) => AttributeValue | undefined;
  readonly decode: (value: AttributeValue | undefined) => { readonly value: T } | undefined;
}

export type FieldTable<T> = { readonly [K in keyof T]-?: FieldCodec<T[K]> };

/** An int64 or an instant that is usually not 0. */
export function integer(attribute: string): FieldCodec<bigint> {
  return {
    attribute,
    kind: 'number',
    encode: (value) => value,
    decode: (value) => (typeof value === 'bigint' ? { value } : undefined),
  };
}

/** An int64 or an instant that is 0 unless something happened. */
export function integerOrZero(attribute: string): FieldCodec<bigint> {
  return {
    attribute,
    kind: 'number',
    encode: (value) => (value === 0n ? undefined : value),
    decode: (value = 0n) => (typeof value === 'bigint' ? { value } : undefined),
  };
}

export function optionalInteger(attribute: string): FieldCodec<bigint | undefined> {
  return {
    attribute,
    kind: 'number',
    encode: (value) => value,
    decode: (value) => (typeof value === 'string' ? undefined : { value }),
  };
}

/** An int32 that is 0 unless something happened. */
export function smallInteger(attribute: string): FieldCodec<number> {
  return {
    attribute,
    kind: 'number',
    encode: (value) => (value === 0 ? undefined : BigInt(value)),
    decode: (value = 0n) => (typeof value === 'bigint' ? { value: Number(value) } : undefined),
  };
}

/** Any finite double, exactly; the shortest text that reads back as the same double, and `-0` as itself. */
export function float(attribute: string): FieldCodec<number> {
  return {
    attribute,
    kind: 'text',
    encode: (value) => (Object.is(value, 0) ? undefined : Object.is(value, -0) ? '-0' : String(value)),
    decode: (value = '0') => {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
      return Number.isFinite(number) ? { value: number } : undefined;
    },
  };
}

export function text<T extends string = string>(attribute: string): FieldCodec<T> {
  return {
    attribute,
    kind: 'text',
    encode: (value) => value,
    decode: (value) => (typeof value === 'string' ? { value: value as T } : undefined),
  };
}

export function textOrEmpty(attribute: string): FieldCodec<string> {
  return {
    attribute,
    kind: 'text',
    encode: (value) => (value === '' ? undefined : value),
    decode: (value = '') => (typeof value === 'string' ? { value } : undefined),
  };
}

/** An instant in whole seconds, as DynamoDB's time to live wants it. */
export function expiry(attribute: string): FieldCodec<bigint | undefined> {
  return {
    attribute,
    kind: 'number',
    encode: (value) => (value === undefined ? undefined : value / 1_000_000n),
    decode: (value) =>
      typeof value === 'string' ? undefined : { value: value === undefined ? value : value * 1_000_000n },
  };
}

/**
 * Several fields in one attribute: their values in the table's order, separated by spaces, and nothing for an absent value.
 * Fields that always change together take a third of the time and space that they would take as attributes of their own.
 * Only the last field may hold spaces.
 */
export function packed<T extends object>(attribute: string, table: FieldTable<T>): FieldCodec<T> {
  const fields = Object.entries(table as Record<string, FieldCodec<unknown>>);
  return {
    attribute,
    kind: 'text',
    encode: (value) => {
      const words = fields.map(([key, field]) => String(field.encode(value[key as keyof T]) ?? ''));
      if (words.slice(0, -1).some((word) => word.includes(' '))) {
        throw new TypeError(`Only the last field of ${attribute} may hold spaces.`);
      }
      return words.join(' ');
    },
    decode: (value) => {
      const words = typeof value === 'string' ? splitInto(fields.length, value) : [];
      const unpacked: Record<string, unknown> = {};
      for (const [index, [key, field]] of fields.entries()) {
        const word = words[index];
        const decoded = word === undefined ? undefined : decodeWord(field, word);
        if (decoded === undefined) {
          return undefined;
        }
        unpacked[key] = decoded.value;
      }
      return { value: unpacked as T };
    },
  };
}

/** At most `count` words; the last is the whole rest of the text. */
function splitInto(count: number, text: string): string[] {
  const words = text.split(' ');
  return words.length <= count ? words : [...words.slice(0, count - 1), words.slice(count - 1).join(' ')];
}

function decodeWord(field: FieldCodec<unknown>, word: string): { readonly value: unknown } | undefined {
  if (word === '' || field.kind === 'text') {
    return field.decode(word === '' ? undefined : word);
  }
  return /^-?\d+$/.test(word) ? field.decode(BigInt(word)) : undefined;
}

export function encodeFields<T extends object>(table: FieldTable<T>, value: T): Item {
  const item: Item = {};
  for (const key of Object.keys(table) as (keyof T)[]) {
    const encoded = table[key].encode(value[key]);
    if (encoded !== undefined) {
      item[table[key].attribute] = encoded;
    }
  }
  return item;
}

/** No attribute for an absent value. */
export function encodeField<T>(field: FieldCodec<T>, value: T | undefined): Item {
  const encoded = value === undefined ? undefined : field.encode(value);
  return encoded === undefined ? {} : { [field.attribute]: encoded };
}

/** @throws {IllegalAttributeError} for the first attribute that can't be read */
export function decodeFields<T extends object>(table: FieldTable<T>, item: Item): T {
  const value: Partial<T> = {};
  for (const key of Object.keys(table) as (keyof T)[]) {
    value[key] = decodeField(table[key], item);
  }
  return value as T;
}

/** @throws {IllegalAttributeError} when the attribute can't be read */
export function decodeField<T>(field: FieldCodec<T>, item: Item): T {
  const decoded = field.decode(item[field.attribute]);
  if (decoded === undefined) {
    throw new IllegalAttributeError(field.attribute);
  }
  return decoded.value;
}

/** Whether the item has the field's attribute. */
export function hasField<T>({ attribute }: FieldCodec<T>, item: Item): boolean {
  return item[attribute] !== undefined;
}

export class IllegalAttributeError extends Error {
  override readonly name = 'IllegalAttributeError';

  constructor(attribute: string) {
    super(`attribute ${attribute} is missing or illegal`);
  }
}
