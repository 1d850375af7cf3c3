/** The size of an item as DynamoDB counts it, which decides the cost of a write. */

import type { Item } from '../../lib/storage/fields.ts';

/**
 * Bytes of names and of values; a number is counted as one byte for two digits, and up to two more
 * (DynamoDB Developer Guide, item sizes and formats).
 */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + valueSize(value), 0);
}

function valueSize(value: Item[string]): number {
  return typeof value === 'string'
    ? Buffer.byteLength(value)
    : Math.ceil(value.toString().replace('-', '').length / 2) + 2;
}
