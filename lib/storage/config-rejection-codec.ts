/** How rejected configurations are kept as items of the transfers table. */

import type { ConfigureAccount } from '../protocol/messages.ts';
import type { AccountKey } from '../rules/account.ts';
import type { ConfigRejection } from '../rules/transfer.ts';
import { carriedBy, checkForm, FORM_ATTRIBUTE, type ItemForm, withCarried } from './carried.ts';
import {
  attributesOf,
  decodeField,
  decodeFields,
  encodeField,
  encodeFields,
  expiry,
  type FieldTable,
  float,
  type Item,
  integer,
  smallInteger,
  textOrEmpty,
} from './fields.ts';
import { encodeRecordKey } from './record-keys.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';

/** A status that no transfer has. */
export const CONFIG_REJECTION_STATUS = 'config-rejected';

const CONFIG_FIELDS: FieldTable<Omit<ConfigureAccount, 'type' | 'debtorId' | 'creditorId'>> = {
  ts: integer('configTs'),
  seqnum: smallInteger('configSeq'),
  negligibleAmount: float('negligible'),
  configFlags: smallInteger('configFlags'),
  configData: textOrEmpty('config'),
};
const TRANSFER_ID = integer(TRANSFERS_TABLE.sortKey);
const REJECTED_AT = integer('rejectedAt');
const EXPIRES_AT = expiry(TRANSFERS_TABLE.timeToLive);

const FORM: ItemForm = {
  number: 1n,
  attributes: new Set([
    TRANSFERS_TABLE.partitionKey,
    TRANSFERS_TABLE.status,
    FORM_ATTRIBUTE,
    ...attributesOf(CONFIG_FIELDS),
    ...attributesOf({ TRANSFER_ID, REJECTED_AT, EXPIRES_AT }),
  ]),
};

export function encodeConfigRejection(rejection: ConfigRejection): Item {
  const item = {
    ...encodeRecordKey(rejection),
    [TRANSFERS_TABLE.status]: CONFIG_REJECTION_STATUS,
    ...encodeFields(CONFIG_FIELDS, rejection.config),
    ...encodeField(REJECTED_AT, rejection.rejectedAt),
    ...encodeField(EXPIRES_AT, rejection.expiresAt),
  };
  return withCarried(item, FORM, rejection.carried);
}

/** @throws {Error} when a field is missing or can't be read, or the item has a newer form */
export function decodeConfigRejection(sender: AccountKey, item: Item): ConfigRejection {
  checkForm(item, FORM);
  const rejectedAt = decodeField(REJECTED_AT, item);
  return {
    kind: 'config-rejection',
    sender,
    transferId: decodeField(TRANSFER_ID, item),
    config: { type: 'ConfigureAccount', ...sender, ...decodeFields(CONFIG_FIELDS, item) },
    rejectedAt,
    expiresAt: decodeField(EXPIRES_AT, item) ?? rejectedAt,
    ...carriedBy(item, FORM),
  };
}
