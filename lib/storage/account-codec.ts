/** How an account is kept as an item of the accounts table. */

import type { DebtorInfo } from '../protocol/root-config-data.ts';
import { type Account, type AccountKey, printAccountKey } from '../rules/account.ts';
import { carriedBy, checkForm, FORM_ATTRIBUTE, type ItemForm, withCarried } from './carried.ts';
import { CorruptItemError } from './errors.ts';
import {
  attributesOf,
  decodeFields,
  encodeFields,
  type FieldTable,
  float,
  type Item,
  integer,
  integerOrZero,
  optionalInteger,
  smallInteger,
  text,
  textOrEmpty,
} from './fields.ts';
import { ACCOUNTS_TABLE } from './table-schema.ts';

/** 90 days, the protocol's default. */
const USUAL_COMMIT_PERIOD = 7_776_000;

const ACCOUNT_FIELDS: FieldTable<Omit<Account, keyof AccountKey | 'debtorInfo' | 'carried'>> = {
  version: integer('version'),
  creationDate: text('created'),
  deletedAt: optionalInteger('deletedAt'),
  principal: integer('principal'),
  clippedAmount: integerOrZero('clipped'),
  interest: float('interest'),
  interestRate: float('rate'),
  previousInterestRate: float('prevRate'),
  lastInterestRateChangeTs: integerOrZero('rateTs'),
  totalLockedAmount: integerOrZero('locked'),
  pendingTransfersCount: smallInteger('pendingCount'),
  lastChangeTs: integer('changeTs'),
  lastChangeSeqnum: smallInteger('changeSeq'),
  lastConfigTs: integerOrZero('configTs'),
  lastConfigSeqnum: smallInteger('configSeq'),
  negligibleAmount: float('negligible'),
  configFlags: smallInteger('configFlags'),
  configData: textOrEmpty('config'),
  commitPeriod: smallInteger('commitPeriod', USUAL_COMMIT_PERIOD),
  lastTransferNumber: integerOrZero('transferNo'),
  lastTransferCommittedAt: integerOrZero('transferTs'),
  lastCapitalizationTs: integer('capitalTs'),
  lastDeletionAttemptTs: integerOrZero('deletionTs'),
  pendingUpdateSince: optionalInteger('pendingTs'),
  announcedAt: integerOrZero('announcedTs'),
};

const DEBTOR_INFO_FIELDS: FieldTable<DebtorInfo> = {
  iri: textOrEmpty('infoIri'),
  contentType: textOrEmpty('infoType'),
  sha256: textOrEmpty('infoSha256'),
};

const ACCOUNT_FORM: ItemForm = {
  number: 1n,
  attributes: new Set([
    ACCOUNTS_TABLE.partitionKey,
    FORM_ATTRIBUTE,
    ...attributesOf(ACCOUNT_FIELDS),
    ...attributesOf(DEBTOR_INFO_FIELDS),
  ]),
};

/** The attribute that the condition on an account's version compares. */
export const VERSION_ATTRIBUTE = ACCOUNT_FIELDS.version.attribute;

export function encodeAccountKey(key: AccountKey): Item {
  return { [ACCOUNTS_TABLE.partitionKey]: printAccountKey(key) };
}

export function encodeAccount(account: Account): Item {
  const item = {
    ...encodeAccountKey(account),
    ...encodeFields(ACCOUNT_FIELDS, account),
    ...encodeFields(DEBTOR_INFO_FIELDS, account.debtorInfo),
  };
  return withCarried(item, ACCOUNT_FORM, account.carried);
}

/** @throws {CorruptItemError} when the item is not one that `encodeAccount` makes, or has a newer form */
export function decodeAccount(item: Item): Account {
  const key = item[ACCOUNTS_TABLE.partitionKey];
  try {
    checkForm(item, ACCOUNT_FORM);
    return {
      ...parseAccountKey(key),
      ...decodeFields(ACCOUNT_FIELDS, item),
      debtorInfo: decodeFields(DEBTOR_INFO_FIELDS, item),
      ...carriedBy(item, ACCOUNT_FORM),
    };
  } catch (error) {
    throw new CorruptItemError(`Item ${key} of the accounts table can't be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** @throws {Error} when the text is not two int64 joined by a colon */
export function parseAccountKey(printed: unknown): AccountKey {
  const match = /^(-?\d{1,19}):(-?\d{1,19})$/.exec(typeof printed === 'string' ? printed : '');
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error('its account key is illegal');
  }
  return { debtorId: BigInt(match[1]), creditorId: BigInt(match[2]) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
