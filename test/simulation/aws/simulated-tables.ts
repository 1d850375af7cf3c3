/**
 * The two tables as DynamoDB keeps them: conditions, transactions, limits, and earlier versions for stale reads. Time,
 * faults and streams are added elsewhere. The contract suite compares this with the real service.
 */

import type { AttributeValue, Item } from '../../../lib/storage/fields.ts';
import type { Writer } from '../history.ts';
import { conditionFailed, transactionCanceled, validationError } from './aws-errors.ts';
import { type ExpressionParts, isConditionMet, normalized } from './condition-expressions.ts';
import { ItemDamage } from './item-damage.ts';
import { byPlace, firstBeyond, type Place, placeOf } from './scan-order.ts';

export interface TableSchema {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly timeToLive?: string;
}

/** One item before and after a commit. */
export interface ItemChange {
  readonly table: string;
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** The request of a write, as the document client's commands carry it. */
export type WriteRequest =
  | { readonly Put: PutRequest; readonly Delete?: undefined }
  | { readonly Delete: DeleteRequest; readonly Put?: undefined };

interface WriteParts extends ExpressionParts {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
}
export interface PutRequest extends WriteParts {
  readonly Item?: Readonly<Record<string, unknown>> | undefined;
}
export interface DeleteRequest extends WriteParts {
  readonly Key?: Readonly<Record<string, unknown>> | undefined;
}

interface Version {
  readonly item: Item | undefined;
  readonly since: number;
}

const MAX_TRANSACTION_ITEMS = 100;
const MAX_READ_KEYS = 100;
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_NUMBER_DIGITS = 38;

export class SimulatedTables {
  readonly damage: ItemDamage;
  readonly #schemas: Readonly<Record<string, TableSchema>>;
  readonly #items = new Map<string, Map<string, Version[]>>();
  readonly #places = new Map<string, readonly Place[]>();
  readonly #now: () => number;
  readonly #committed: (changes: readonly ItemChange[], by: Writer | undefined) => void;

  constructor(
    schemas: Readonly<Record<string, TableSchema>>,
    now: () => number,
    committed: (changes: readonly ItemChange[], by: Writer | undefined) => void,
  ) {
    this.#schemas = schemas;
    this.#now = now;
    this.damage = new ItemDamage(now);
    this.#committed = committed;
    for (const table of Object.keys(schemas)) {
      this.#items.set(table, new Map());
    }
  }

  /** Does all the writes or none. @throws the service's own errors */
  write(writes: readonly WriteRequest[], isTransaction: boolean, by?: Writer): void {
    if (writes.length === 0 || writes.length > MAX_TRANSACTION_ITEMS) {
      throw validationError(
        'Member must have length less than or equal to 100 and greater than or equal to 1',
      );
    }
    const prepared = writes.map((write) => this.#prepare(write));
    const keys = new Set(prepared.map(({ table, key }) => `${table}/${key}`));
    if (keys.size < prepared.length) {
      throw validationError('Transaction request cannot include multiple operations on one item');
    }
    if (prepared.some(({ isMet }) => !isMet)) {
      throw isTransaction
        ? transactionCanceled(prepared.map(({ isMet }) => (isMet ? 'None' : 'ConditionalCheckFailed')))
        : conditionFailed();
    }
    this.#apply(prepared, by);
  }

  /** Of each write, whether its condition fails now. */
  unmet(writes: readonly WriteRequest[]): boolean[] {
    return writes.map((write) => !this.#prepare(write).isMet);
  }

  /** The items as they were so many microseconds ago, without those that did not exist. */
  read(table: string, keys: readonly Readonly<Record<string, unknown>>[], ageOf: () => number): Item[] {
    const names = keys.map((key) => this.#keyOf(table, key, true));
    if (names.length === 0 || names.length > MAX_READ_KEYS) {
      throw validationError('Too many items requested for the BatchGetItem call');
    }
    if (new Set(names).size < names.length) {
      throw validationError('Provided list of item keys contains duplicates');
    }
    return this.#versionsAt(table, names, ageOf);
  }

  /** The items of one of `total` segments in scan order, starting after the key where the last page ended. */
  scan(
    table: string,
    { segment, total, after }: { segment: number; total: number; after: string | undefined },
    limit: number,
    ageOf: () => number,
  ): { readonly items: Item[]; readonly last: string | undefined } {
    const places = this.#placesOf(table).filter(({ place }) => place % total === segment);
    const start = after === undefined ? 0 : firstBeyond(places, after);
    const page = places.slice(start, start + limit).map(({ name }) => name);
    const hasMore = start + limit < places.length;
    return {
      items: this.#versionsAt(table, page, ageOf),
      last: hasMore ? page.at(-1) : undefined,
    };
  }

  /** The name of an item's key, as changes carry it. @throws a ValidationException for an invalid key */
  keyOf(table: string, key: Readonly<Record<string, unknown>>): string {
    return this.#keyOf(table, key, false);
  }

  /** The key that such a name stands for, as the service returns it. */
  keyItemOf(table: string, key: string): Item {
    const { partitionKey, sortKey } = this.#schemaOf(table);
    const [partition = '', sort] = key.split('/');
    return {
      [partitionKey]: partition,
      ...(sortKey !== undefined && sort !== undefined && { [sortKey]: BigInt(sort) }),
    };
  }

  /** Expires the item as the table's time to live would, if it is unchanged and still due. */
  expire(table: string, key: string, item: Item): boolean {
    const { timeToLive = '' } = this.#schemaOf(table);
    const current = this.#versions(table, key).at(-1)?.item;
    const expiry = current?.[timeToLive];
    if (current !== item || typeof expiry !== 'bigint' || Number(expiry) * 1_000_000 > this.#now()) {
      return false;
    }
    this.#apply([{ table, key, before: current, after: undefined }]);
    return true;
  }

  /** Changes an item by hand, as an operator may do it. */
  amend(table: string, key: string, change: (item: Item) => Item, by: Writer): void {
    const before = this.#versions(table, key).at(-1)?.item;
    if (before !== undefined) {
      this.#apply([{ table, key, before, after: change(before) }], by);
    }
  }

  /** All items as they are now. */
  current(table: string): Item[] {
    return this.#versionsAt(table, [...this.#tableOf(table).keys()], () => 0);
  }

  /** All names in scan order; sorted again only when names were added. */
  #placesOf(table: string): readonly Place[] {
    const names = this.#tableOf(table);
    const known = this.#places.get(table);
    if (known?.length === names.size) {
      return known;
    }
    const places = [...names.keys()].map((name) => ({ name, place: placeOf(name) })).sort(byPlace);
    this.#places.set(table, places);
    return places;
  }

  #prepare(write: WriteRequest): ItemChange & { readonly isMet: boolean } {
    const parts = write.Put ?? write.Delete;
    const table = parts.TableName ?? '';
    const after = write.Put === undefined ? undefined : itemOf(write.Put.Item ?? {});
    const key = this.#keyOf(table, after ?? write.Delete?.Key ?? {}, after === undefined);
    if (after !== undefined) {
      checkItem(after);
    }
    const before = this.#versions(table, key).at(-1)?.item;
    const { ConditionExpression } = parts;
    const isMet = ConditionExpression === undefined || isConditionMet(ConditionExpression, parts, before);
    return { table, key, before, after, isMet };
  }

  #apply(changes: readonly ItemChange[], by?: Writer): void {
    const real = changes.filter(({ before, after }) => !isSameItem(before, after));
    for (const { table, key, after } of real) {
      const versions = this.#versions(table, key);
      versions.push({ item: after, since: this.#now() });
      this.#tableOf(table).set(key, versions);
    }
    if (real.length > 0) {
      this.#committed(real, by);
    }
  }

  #versionsAt(table: string, names: readonly string[], ageOf: () => number): Item[] {
    return names.flatMap((name) => {
      const item = this.#versionAt(table, name, this.#now() - ageOf());
      return item === undefined ? [] : [this.damage.asRead(table, name, item)];
    });
  }

  #versionAt(table: string, name: string, instant: number): Item | undefined {
    const versions = this.#versions(table, name);
    let index = versions.length - 1;
    while (index >= 0 && (versions[index] as Version).since > instant) {
      index -= 1;
    }
    return versions[index]?.item;
  }

  #versions(table: string, key: string): Version[] {
    return this.#tableOf(table).get(key) ?? [];
  }

  #tableOf(table: string): Map<string, Version[]> {
    const items = this.#items.get(table);
    if (items === undefined) {
      throw Object.assign(new Error('Requested resource not found'), { name: 'ResourceNotFoundException' });
    }
    return items;
  }

  #schemaOf(table: string): TableSchema {
    this.#tableOf(table);
    return this.#schemas[table] as TableSchema;
  }

  #keyOf(table: string, item: Readonly<Record<string, unknown>>, isKeyOnly: boolean): string {
    const { partitionKey, sortKey } = this.#schemaOf(table);
    const [partition, sort] = [item[partitionKey], sortKey === undefined ? undefined : item[sortKey]];
    const isComplete =
      typeof partition === 'string' &&
      partition !== '' &&
      (sortKey === undefined || typeof sort === 'bigint');
    const isExact = !isKeyOnly || Object.keys(item).length === (sortKey === undefined ? 1 : 2);
    if (!isComplete || !isExact) {
      throw validationError('The provided key element does not match the schema');
    }
    return sortKey === undefined ? partition : `${partition}/${sort}`;
  }
}

function itemOf(raw: Readonly<Record<string, unknown>>): Item {
  const item: Item = {};
  for (const [name, value] of Object.entries(raw)) {
    const known = normalized(value);
    if (known !== undefined) {
      item[name] = known;
    }
  }
  return item;
}

function checkItem(item: Item): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += name.length + bytesOf(value);
  }
  if (bytes > MAX_ITEM_BYTES) {
    throw validationError('Item size has exceeded the maximum allowed size');
  }
}

function bytesOf(value: AttributeValue): number {
  if (typeof value !== 'bigint') {
    return Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
  }
  const digits = String(value).replace('-', '').length;
  if (digits > MAX_NUMBER_DIGITS) {
    throw validationError('Number overflow. Attempting to store a number with more than 38 digits');
  }
  return Math.ceil(digits / 2) + 1;
}

function isSameItem(a: Item | undefined, b: Item | undefined): boolean {
  if (a === undefined || b === undefined) {
    return a === b;
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
