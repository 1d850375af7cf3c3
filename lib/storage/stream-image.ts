/** Items as DynamoDB Streams delivers them, turned into the same values that a read gives. */

import type { AttributeValue as WireValue } from '@aws-sdk/client-dynamodb';
import type { Account } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { decodeAccount } from './account-codec.ts';
import { CorruptItemError } from './errors.ts';
import type { AttributeValue, Item } from './fields.ts';
import { decodeRecord } from './transfer-codec.ts';

/** One side of a stream record, as Lambda hands it over. */
export type StreamImage = Readonly<Record<string, Pick<WireValue, 'S' | 'N'>>>;

/** @throws {CorruptItemError} when the image is not one of an account */
export function accountOfImage(image: StreamImage | undefined): Account | undefined {
  return image && decodeAccount(itemOfImage(image));
}

/** @throws {CorruptItemError} when the image is not one of a transfer or a rejected configuration */
export function recordOfImage(image: StreamImage | undefined): TransferRecord | undefined {
  return image && decodeRecord(itemOfImage(image));
}

function itemOfImage(image: StreamImage): Item {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, attributeOf(name, value)]));
}

function attributeOf(
  name: string,
  { S, N }: { S?: string | undefined; N?: string | undefined },
): AttributeValue {
  if (S !== undefined) {
    return S;
  }
  if (N !== undefined && /^-?\d+$/.test(N)) {
    return BigInt(N);
  }
  throw new CorruptItemError(`Attribute ${name} of a stream image is neither a string nor an integer.`);
}
