/** Converts items to and from DynamoDB JSON. Every attribute of this project is a string or an integer. */

import type { AttributeValue as SdkValue } from '@aws-sdk/client-dynamodb';
import { CorruptItemError } from './errors.ts';
import type { AttributeValue, Item } from './fields.ts';

export type WireValue = SdkValue.SMember | SdkValue.NMember;

/** An item on its way out. */
export type WireItem = Record<string, WireValue>;

/** An item on its way in, whoever wrote it. */
export type ForeignItem = Readonly<Record<string, Pick<SdkValue, 'S' | 'N'>>>;

export const INTEGER = /^-?\d+$/;

export function toWire(item: Readonly<Record<string, AttributeValue>>): WireItem {
  const wire: WireItem = {};
  for (const name of Object.keys(item)) {
    const value = item[name] as AttributeValue;
    wire[name] = typeof value === 'string' ? { S: value } : { N: value.toString() };
  }
  return wire;
}

/** @throws {CorruptItemError} when an attribute is neither a string nor an integer */
export function fromWire(wire: ForeignItem): Item {
  return convert(wire, (name) => {
    throw new CorruptItemError(`Attribute ${name} is neither a string nor an integer.`);
  });
}

/** The same, but leaves such an attribute as it is, for the codec of the item to refuse. */
export function fromWireUnchecked(wire: ForeignItem): Item {
  return convert(wire, (name) => wire[name] as unknown as AttributeValue);
}

function convert(wire: ForeignItem, foreign: (name: string) => AttributeValue): Item {
  const item: Item = {};
  for (const name of Object.keys(wire)) {
    const { S, N } = wire[name] ?? {};
    item[name] = S ?? (N !== undefined && INTEGER.test(N) ? BigInt(N) : foreign(name));
  }
  return item;
}
