/**
 * How single values are kept in items: the building blocks of the item codecs. Integers and instants are DynamoDB
 * numbers; floats are strings, since a DynamoDB number stops at 9.99e125. Defaults are left out, to keep items small.
 */

/** A value of an attribute that this release does not know, in DynamoDB JSON: a list, a boolean, a fraction and the like. */
export interface ForeignValue {
  readonly [type: string]: unknown;
}

/** All numbers of this project are integers, and are read as bigints. */
export type AttributeValue = string | bigint | ForeignValue;
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
    decode: (value) => (value === undefined || typeof value === 'bigint' ? { value } : undefined),
  };
}

/** An int32 that is usually `usual`. */
export function smallInteger(attribute: string, usual = 0): FieldCodec<number> {
  return {
    attribute,
    kind: 'number',
    encode: (value) => (value === usual ? undefined : BigInt(value)),
    decode: (value = BigInt(usual)) => (typeof value === 'bigint' ? { value: Number(value) } : undefined),
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
      value === undefined ? { value } : typeof value === 'bigint' ? { value: value * 1_000_000n } : undefined,
  };
}

/** A text for a packed attribute. Spaces, which separate words, are percent-encoded, and so are percent signs. */
export function word(name: string): FieldCodec<string> {
  return {
    attribute: name,
    kind: 'text',
    encode: (value) => value.replace(/[% ]/g, (sign) => (sign === ' ' ? '%20' : '%25')),
    decode: (value) =>
      typeof value === 'string' && !/%(?!20|25)/.test(value)
        ? { value: value.replace(/%(20|25)/g, (code) => (code === '%20' ? ' ' : '%')) }
        : undefined,
  };
}

/** A packed attribute: it knows this many words, and newer releases may have added more. */
export interface PackedCodec<T> extends FieldCodec<T> {
  readonly wordCount: number;
}

/**
 * Several fields in one attribute: their values in the table's order, separated by spaces, and nothing for an absent value.
 * Fields that always change together take a third of the time and space that they would take as attributes of their own.
 * No value may hold spaces. Words beyond the known ones are ignored here, and carried through by `carried.ts`.
 */
export function packed<T extends object>(attribute: string, table: FieldTable<T>): PackedCodec<T> {
  const fields = Object.entries(table as Record<string, FieldCodec<unknown>>);
  return {
    attribute,
    kind: 'text',
    wordCount: fields.length,
    encode: (value) => {
      const words = fields.map(([key, field]) => String(field.encode(value[key as keyof T]) ?? ''));
      if (words.some((encoded) => encoded.includes(' '))) {
        throw new TypeError(`No field of ${attribute} may hold spaces.`);
      }
      return words.join(' ');
    },
    decode: (value) => {
      const words = typeof value === 'string' ? value.split(' ') : [];
      const unpacked: Record<string, unknown> = {};
      for (const [index, [key, field]] of fields.entries()) {
        const encoded = words[index];
        const decoded = encoded === undefined ? undefined : decodeWord(field, encoded);
        if (decoded === undefined) {
          return undefined;
        }
        unpacked[key] = decoded.value;
      }
      return { value: unpacked as T };
    },
  };
}

function decodeWord(field: FieldCodec<unknown>, encoded: string): { readonly value: unknown } | undefined {
  if (encoded === '' || field.kind === 'text') {
    return field.decode(encoded === '' ? undefined : encoded);
  }
  return /^-?\d+$/.test(encoded) ? field.decode(BigInt(encoded)) : undefined;
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

export function attributesOf<T extends object>(table: FieldTable<T>): string[] {
  return Object.values<{ readonly attribute: string }>(table).map(({ attribute }) => attribute);
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
