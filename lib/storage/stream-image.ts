/** Decodes the items in records of DynamoDB Streams. */

import type { Account } from '../rules/account.ts';
import type { TransferRecord } from '../rules/transfer.ts';
import { decodeAccount } from './account-codec.ts';
import { decodeRecord } from './transfer-codec.ts';
import { type ForeignItem, fromWire } from './wire-item.ts';

/** The item before or after a change, in Lambda's form. */
export type StreamImage = ForeignItem;

/** @throws {CorruptItemError} when the image is not one of an account */
export function accountOfImage(image: StreamImage | undefined): Account | undefined {
  return image && decodeAccount(fromWire(image));
}

/** @throws {CorruptItemError} when the image is not one of a transfer or a rejected configuration */
export function recordOfImage(image: StreamImage | undefined): TransferRecord | undefined {
  return image && decodeRecord(fromWire(image));
}
