/** How tombstones of purged accounts are kept as items of the transfers table. */

import type { Tombstone } from '../rules/transfer.ts';
import { carriedBy, checkForm, FORM_ATTRIBUTE, type ItemForm, withCarried } from './carried.ts';
import {
  attributesOf,
  decodeField,
  decodeFields,
  encodeField,
  encodeFields,
  expiry,
  type FieldTable,
  type Item,
  integer,
  text,
} from './fields.ts';
import { encodeRecordKey } from './record-keys.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';

/** A status that no transfer has. */
export const TOMBSTONE_STATUS = 'purged';

const FIELDS: FieldTable<Pick<Tombstone, 'transferId' | 'creationDate' | 'purgedAt'>> = {
  transferId: integer(TRANSFERS_TABLE.sortKey),
  creationDate: text('creationDate'),
  purgedAt: integer('purgedAt'),
};
const EXPIRES_AT = expiry(TRANSFERS_TABLE.timeToLive);

const FORM: ItemForm = {
  number: 1n,
  attributes: new Set([
    TRANSFERS_TABLE.partitionKey,
    TRANSFERS_TABLE.status,
    FORM_ATTRIBUTE,
    ...attributesOf(FIELDS),
    EXPIRES_AT.attribute,
  ]),
};

export function encodeTombstone(tombstone: Tombstone): Item {
  const item = {
    ...encodeRecordKey(tombstone),
    [TRANSFERS_TABLE.status]: TOMBSTONE_STATUS,
    ...encodeFields(FIELDS, tombstone),
    ...encodeField(EXPIRES_AT, tombstone.expiresAt),
  };
  return withCarried(item, FORM, tombstone.carried);
}

/** @throws {Error} when a field is missing or can't be read, or the item has a newer form */
export function decodeTombstone(sender: Tombstone['sender'], item: Item): Tombstone {
  checkForm(item, FORM);
  const fields = decodeFields(FIELDS, item);
  const expiresAt = decodeField(EXPIRES_AT, item) ?? fields.purgedAt;
  return { kind: 'tombstone', sender, ...fields, expiresAt, ...carriedBy(item, FORM) };
}
