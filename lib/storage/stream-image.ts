/** Items as DynamoDB Streams delivers them, turned into the same values that a read gives. */

import type { Account } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { decodeAccount } from './account-codec.ts';
import { decodeRecord } from './transfer-codec.ts';
import { type ForeignItem, fromWire } from './wire-item.ts';

/** One side of a stream record, as Lambda hands it over. */
export type StreamImage = ForeignItem;

/** @throws {CorruptItemError} when the image is not one of an account */
export function accountOfImage(image: StreamImage | undefined): Account | undefined {
  return image && decodeAccount(fromWire(image));
}

/** @throws {CorruptItemError} when the image is not one of a transfer or a rejected configuration */
export function recordOfImage(image: StreamImage | undefined): TransferRecord | undefined {
  return image && decodeRecord(fromWire(image));
}
