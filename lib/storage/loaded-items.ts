/** Items that were read together: one that can't be read hides no other. */

import { CorruptItemError } from './errors.ts';
import type { Item } from './fields.ts';

/** The values of readable items, and why the others can't be read. */
export function decodeAll<T>(items: readonly Item[], decode: (item: Item) => T) {
  const values: T[] = [];
  const corrupt: { readonly item: Item; readonly error: CorruptItemError }[] = [];
  for (const item of items) {
    try {
      values.push(decode(item));
    } catch (error) {
      if (!(error instanceof CorruptItemError)) {
        throw error;
      }
      corrupt.push({ item, error });
    }
  }
  return { values, corrupt };
}

export interface ItemCodec<T> {
  readonly decode: (item: Item) => T;
  readonly printKeyOf: (value: T) => string;
  /** The same text from an item that can't be decoded. */
  readonly printItemKey: (item: Item) => string;
}

/** Found by their printed keys. */
export class LoadedItems<T> {
  readonly #values: ReadonlyMap<string, T>;
  readonly #faults: ReadonlyMap<string, CorruptItemError>;

  constructor(items: readonly Item[], { decode, printKeyOf, printItemKey }: ItemCodec<T>) {
    const { values, corrupt } = decodeAll(items, decode);
    this.#values = new Map(values.map((value) => [printKeyOf(value), value]));
    this.#faults = new Map(corrupt.map(({ item, error }) => [printItemKey(item), error]));
  }

  /**
   * @returns `undefined` when there is no such item
   * @throws {CorruptItemError} when it can't be read
   */
  get(key: string): T | undefined {
    const fault = this.#faults.get(key);
    if (fault !== undefined) {
      throw fault;
    }
    return this.#values.get(key);
  }

  /** `undefined` also when the item can't be read. */
  readable(key: string): T | undefined {
    return this.#values.get(key);
  }

  /** Why the item can't be read; `undefined` when it can, or does not exist. */
  faultOf(key: string): CorruptItemError | undefined {
    return this.#faults.get(key);
  }

  get hasFaults(): boolean {
    return this.#faults.size > 0;
  }

  /** The readable items. */
  values(): Iterable<T> {
    return this.#values.values();
  }
}
