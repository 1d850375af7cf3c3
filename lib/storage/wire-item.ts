/**
 * Converts items to and from DynamoDB JSON. Every attribute of this project is a string or an integer. A value of another type
 * stays as it is: in an attribute that this release knows, the item's codec refuses it; in any other, it is carried through.
 */

import type { AttributeValue as SdkValue } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, ForeignValue, Item } from './fields.ts';

/** An item on its way out. */
export type WireItem = Record<string, SdkValue>;

/** An item on its way in, whoever wrote it. */
export type ForeignItem = Readonly<Record<string, Pick<SdkValue, 'S' | 'N'>>>;

const INTEGER = /^-?\d+$/;

export function toWire(item: Readonly<Record<string, AttributeValue>>): WireItem {
  const wire: WireItem = {};
  for (const name of Object.keys(item)) {
    const value = item[name] as AttributeValue;
    wire[name] =
      typeof value === 'string'
        ? { S: value }
        : typeof value === 'bigint'
          ? { N: value.toString() }
          : (value as unknown as SdkValue);
  }
  return wire;
}

export function fromWire(wire: ForeignItem): Item {
  const item: Item = {};
  for (const name of Object.keys(wire)) {
    const { S, N } = wire[name] ?? {};
    item[name] =
      S ?? (N !== undefined && INTEGER.test(N) ? BigInt(N) : foreign((wire[name] ?? {}) as ForeignValue));
  }
  return item;
}

/** Lambda's events, which are JSON, have binary values as base64 text; calls of the SDK take them as bytes. */
function foreign(value: ForeignValue): ForeignValue {
  const [[type, content] = []] = Object.entries(value);
  switch (type) {
    case 'B':
      return { B: bytes(content) };
    case 'BS':
      return { BS: (content as readonly unknown[]).map(bytes) };
    case 'L':
      return { L: (content as readonly ForeignValue[]).map(foreign) };
    case 'M':
      return { M: mapValues(content as Readonly<Record<string, ForeignValue>>, foreign) };
    default:
      return value;
  }
}

function bytes(content: unknown): unknown {
  return typeof content === 'string' ? new Uint8Array(Buffer.from(content, 'base64')) : content;
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
