/** Records as texts for a store: JSON in which 64-bit integers survive. */

import { StoreError } from '../stores/client-store.ts';

/** A bigint is written as an object with this one key, which no record has. */
const INTEGER = '$int';

/** The text of a record of our own: an object of strings, numbers, booleans, bigints, arrays and objects. */
export function printRecord(record: object): string {
  return JSON.stringify(record, (_key, value: unknown) =>
    typeof value === 'bigint' ? { [INTEGER]: value.toString() } : value,
  );
}

/**
 * The record of a text that `printRecord` wrote.
 * @throws {StoreError} for any other text
 */
export function parseRecord<R extends object>(text: string): R {
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      const digits = (value as { readonly [INTEGER]?: unknown } | null)?.[INTEGER];
      return typeof digits === 'string' ? BigInt(digits) : value;
    }) as R;
  } catch (error) {
    throw new StoreError('A record in the store is damaged.', { cause: error });
  }
}
