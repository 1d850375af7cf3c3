/** How tombstones of purged accounts are kept as items of the transfers table. */

import type { Tombstone } from '../rules/transfer.ts';
import { decodeFields, encodeFields, expiry, type FieldTable, type Item, integer, text } from './fields.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';

/** A status that no transfer has. */
export const TOMBSTONE_STATUS = 'purged';

type OwnFields = Omit<Tombstone, 'kind' | 'sender' | 'expiresAt'>;

const FIELDS: FieldTable<OwnFields> = {
  transferId: integer(TRANSFERS_TABLE.sortKey),
  creationDate: text('creationDate'),
  purgedAt: integer('purgedAt'),
};

const EXPIRY: FieldTable<{ readonly expiresAt: Tombstone['expiresAt'] | undefined }> = {
  expiresAt: expiry(TRANSFERS_TABLE.timeToLive),
};

/** @returns the item without its partition key */
export function encodeTombstone(tombstone: Tombstone): Item {
  return {
    [TRANSFERS_TABLE.status]: TOMBSTONE_STATUS,
    ...encodeFields(FIELDS, tombstone),
    ...encodeFields(EXPIRY, tombstone),
  };
}

/** @throws {Error} when a field is missing or can't be read */
export function decodeTombstone(sender: Tombstone['sender'], item: Item): Tombstone {
  const fields = decodeFields(FIELDS, item);
  const { expiresAt } = decodeFields(EXPIRY, item);
  return { kind: 'tombstone', sender, ...fields, expiresAt: expiresAt ?? fields.purgedAt };
}
