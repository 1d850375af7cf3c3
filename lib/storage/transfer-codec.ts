/** How transfers, and configurations that were rejected, are kept as items of the transfers table. */

import type { ConfigureAccount } from '../protocol/messages.ts';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import type {
  ConfigRejection,
  CoordinatorRequest,
  Credit,
  Finalization,
  LedgerEntry,
  Payment,
  Preparation,
  Rejection,
  Transfer,
  TransferRecord,
} from '../rules/transfer.ts';
import { messageOf, parseAccountKey } from './account-codec.ts';
import { CorruptItemError } from './errors.ts';
import {
  decodeFields,
  encodeFields,
  expiry,
  type FieldTable,
  float,
  hasField,
  type Item,
  integer,
  smallInteger,
  text,
  textOrEmpty,
} from './fields.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';

const CONFIG_REJECTION_STATUS = 'config-rejected';

const EXPIRES_AT = expiry(TRANSFERS_TABLE.timeToLive);

const BASE_FIELDS: FieldTable<
  Pick<Transfer, 'transferId' | 'status' | 'requestTs' | 'recipientId' | 'expiresAt'>
> = {
  transferId: integer(TRANSFERS_TABLE.sortKey),
  status: text(TRANSFERS_TABLE.status),
  requestTs: integer('requestTs'),
  recipientId: integer('recipient'),
  expiresAt: EXPIRES_AT,
};

const REQUEST_FIELDS: FieldTable<CoordinatorRequest> = {
  coordinatorType: text('coordType'),
  coordinatorId: integer('coordId'),
  coordinatorRequestId: integer('requestId'),
};

const REJECTION_FIELDS: FieldTable<Rejection> = {
  statusCode: text('rejection'),
  totalLockedAmount: integer('lockedThen'),
  rejectedAt: integer('rejectedAt'),
};

const PREPARATION_FIELDS: FieldTable<Preparation> = {
  lockedAmount: integer('locked'),
  preparedAt: integer('preparedAt'),
  deadline: integer('deadline'),
  finalInterestRateTs: integer('rateTs'),
  announcedAt: integer('announcedTs'),
};

const FINALIZATION_FIELDS: FieldTable<Finalization> = {
  statusCode: text('outcome'),
  committedAmount: integer('committed'),
  totalLockedAmount: integer('lockedAfter'),
  finalizedAt: integer('finalizedAt'),
};

const PAYMENT_FIELDS: FieldTable<Omit<Payment, 'senderEntry'>> = {
  amount: integer('amount'),
  committedAt: integer('committedAt'),
  note: textOrEmpty('note'),
  noteFormat: textOrEmpty('noteFormat'),
};

const CREDIT_FIELDS: FieldTable<Omit<Credit, 'recipientEntry'>> = {
  creditedAt: integer('creditedAt'),
};

const SENDER_ENTRY_FIELDS = entryFields('sender');
const RECIPIENT_ENTRY_FIELDS = entryFields('rcpt');

const CONFIG_FIELDS: FieldTable<Omit<ConfigureAccount, 'type' | 'debtorId' | 'creditorId'>> = {
  ts: integer('configTs'),
  seqnum: smallInteger('configSeq'),
  negligibleAmount: float('negligible'),
  configFlags: smallInteger('configFlags'),
  configData: textOrEmpty('config'),
};

/** The attributes that conditions compare to see whether a transfer is still where it was. */
export const STATE_ATTRIBUTES = {
  status: BASE_FIELDS.status.attribute,
  announcedAt: PREPARATION_FIELDS.announcedAt.attribute,
} as const;

export function encodeRecordKey(sender: AccountKey, transferId: bigint): Item {
  return { [TRANSFERS_TABLE.partitionKey]: printAccountKey(sender), [TRANSFERS_TABLE.sortKey]: transferId };
}

export function encodeRecord(record: TransferRecord): Item {
  return record.kind === 'transfer' ? encodeTransfer(record) : encodeConfigRejection(record);
}

function encodeTransfer(transfer: Transfer): Item {
  const { sender, transferId, request, rejection, preparation, finalization, payment, credit } = transfer;
  return {
    ...encodeRecordKey(sender, transferId),
    ...encodeFields(BASE_FIELDS, transfer),
    ...encodeFields(REQUEST_FIELDS, request),
    ...(rejection && encodeFields(REJECTION_FIELDS, rejection)),
    ...(preparation && encodeFields(PREPARATION_FIELDS, preparation)),
    ...(finalization && encodeFields(FINALIZATION_FIELDS, finalization)),
    ...(payment && encodeFields(PAYMENT_FIELDS, payment)),
    ...(payment?.senderEntry && encodeFields(SENDER_ENTRY_FIELDS, payment.senderEntry)),
    ...(credit && encodeFields(CREDIT_FIELDS, credit)),
    ...(credit?.recipientEntry && encodeFields(RECIPIENT_ENTRY_FIELDS, credit.recipientEntry)),
  };
}

function encodeConfigRejection({ sender, transferId, config, rejectedAt, expiresAt }: ConfigRejection): Item {
  const encodedExpiry = EXPIRES_AT.encode(expiresAt);
  return {
    ...encodeRecordKey(sender, transferId),
    [TRANSFERS_TABLE.status]: CONFIG_REJECTION_STATUS,
    ...encodeFields(CONFIG_FIELDS, config),
    [REJECTION_FIELDS.rejectedAt.attribute]: rejectedAt,
    ...(encodedExpiry !== undefined && { [TRANSFERS_TABLE.timeToLive]: encodedExpiry }),
  };
}

/** @throws {CorruptItemError} when the item is not one that `encodeRecord` makes */
export function decodeRecord(item: Item): TransferRecord {
  try {
    const sender = parseAccountKey(item[TRANSFERS_TABLE.partitionKey]);
    return item[TRANSFERS_TABLE.status] === CONFIG_REJECTION_STATUS
      ? decodeConfigRejection(sender, item)
      : decodeTransfer(sender, item);
  } catch (error) {
    const name = `${item[TRANSFERS_TABLE.partitionKey]} / ${item[TRANSFERS_TABLE.sortKey]}`;
    throw new CorruptItemError(`Item ${name} of the transfers table can't be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function decodeTransfer(sender: AccountKey, item: Item): Transfer {
  return {
    kind: 'transfer',
    sender,
    ...decodeFields(BASE_FIELDS, item),
    request: decodeFields(REQUEST_FIELDS, item),
    ...(hasField(REJECTION_FIELDS.statusCode, item) && { rejection: decodeFields(REJECTION_FIELDS, item) }),
    ...(hasField(PREPARATION_FIELDS.preparedAt, item) && {
      preparation: decodeFields(PREPARATION_FIELDS, item),
    }),
    ...(hasField(FINALIZATION_FIELDS.finalizedAt, item) && {
      finalization: decodeFields(FINALIZATION_FIELDS, item),
    }),
    ...(hasField(PAYMENT_FIELDS.committedAt, item) && {
      payment: { ...decodeFields(PAYMENT_FIELDS, item), senderEntry: decodeEntry(SENDER_ENTRY_FIELDS, item) },
    }),
    ...(hasField(CREDIT_FIELDS.creditedAt, item) && {
      credit: {
        ...decodeFields(CREDIT_FIELDS, item),
        recipientEntry: decodeEntry(RECIPIENT_ENTRY_FIELDS, item),
      },
    }),
  };
}

function decodeConfigRejection(sender: AccountKey, item: Item): ConfigRejection {
  const { transferId, rejectedAt } = decodeFields(
    { transferId: BASE_FIELDS.transferId, rejectedAt: REJECTION_FIELDS.rejectedAt },
    item,
  );
  const { expiresAt } = decodeFields({ expiresAt: EXPIRES_AT }, item);
  return {
    kind: 'config-rejection',
    sender,
    transferId,
    config: { type: 'ConfigureAccount', ...sender, ...decodeFields(CONFIG_FIELDS, item) },
    rejectedAt,
    expiresAt: expiresAt ?? rejectedAt,
  };
}

function entryFields(prefix: string): FieldTable<LedgerEntry> {
  return {
    creationDate: text(`${prefix}Date`),
    transferNumber: integer(`${prefix}No`),
    principal: integer(`${prefix}Principal`),
  };
}

function decodeEntry(fields: FieldTable<LedgerEntry>, item: Item): LedgerEntry | undefined {
  return hasField(fields.transferNumber, item) ? decodeFields(fields, item) : undefined;
}
