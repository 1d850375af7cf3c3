/**
 * The keys of items of the transfers table. A busy sender's items are spread over sixteen partition keys, since DynamoDB limits
 * what a single key takes in a second. The salt comes from the ID, so whoever knows the ID finds the item with one read.
 */

import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { parseAccountKey } from './account-codec.ts';
import type { Item } from './fields.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';

/** Names one item of the transfers table. */
export interface RecordKey {
  readonly sender: AccountKey;
  readonly transferId: bigint;
}

/** The bits of an ID are those of a hash, so any four of them spread well. */
const SALT_BITS = 4;
const SALTS = Array.from({ length: 2 ** SALT_BITS }, (_, salt) => salt);

export function encodeRecordKey(key: RecordKey): Item {
  return {
    [TRANSFERS_TABLE.partitionKey]: printPartition(key),
    [TRANSFERS_TABLE.sortKey]: key.transferId,
  };
}

/** The partition key of the item. */
export function printPartition({ sender, transferId }: RecordKey): string {
  return `${printAccountKey(sender)}:${BigInt.asUintN(SALT_BITS, transferId)}`;
}

/** All partition keys under which the account may have items. */
export function partitionsOf(sender: AccountKey): string[] {
  return SALTS.map((salt) => `${printAccountKey(sender)}:${salt}`);
}

/** The account that the partition key was made for. @throws {Error} when it is none */
export function parsePartition(printed: unknown): AccountKey {
  const match = /^(.*):(\d|1[0-5])$/.exec(String(printed));
  return parseAccountKey(match?.[1]);
}

/** One text for one item, for maps and logs. */
export function printRecordKey({ sender, transferId }: RecordKey): string {
  return `${printAccountKey(sender)}/${transferId}`;
}
