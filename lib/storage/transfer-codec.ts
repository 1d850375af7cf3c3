/** How transfers, rejected configurations and tombstones are kept as items of the transfers table. */

import type { AccountKey } from '../rules/account.ts';
import {
  type CoordinatorRequest,
  type Finalization,
  type LedgerEntry,
  type Payment,
  type Preparation,
  partsOf,
  type Rejection,
  type Transfer,
  type TransferPart,
  type TransferRecord,
} from '../rules/transfer.ts';
import { messageOf } from './account-codec.ts';
import { carriedBy, checkForm, FORM_ATTRIBUTE, type ItemForm, withCarried } from './carried.ts';
import {
  CONFIG_REJECTION_STATUS,
  decodeConfigRejection,
  encodeConfigRejection,
} from './config-rejection-codec.ts';
import { CorruptItemError } from './errors.ts';
import {
  attributesOf,
  decodeField,
  decodeFields,
  encodeField,
  encodeFields,
  expiry,
  type FieldTable,
  hasField,
  type Item,
  integer,
  type PackedCodec,
  packed,
  text,
  textOrEmpty,
  word,
} from './fields.ts';
import { encodeRecordKey, parsePartition } from './record-keys.ts';
import { TRANSFERS_TABLE } from './table-schema.ts';
import { decodeTombstone, encodeTombstone, TOMBSTONE_STATUS } from './tombstone-codec.ts';

const EXPIRES_AT = expiry(TRANSFERS_TABLE.timeToLive);

const BASE_FIELDS: FieldTable<Pick<Transfer, 'transferId' | 'status' | 'expiresAt'>> = {
  transferId: integer(TRANSFERS_TABLE.sortKey),
  status: text(TRANSFERS_TABLE.status),
  expiresAt: EXPIRES_AT,
};

// One attribute for each step of a transfer. Items keep the fields in this order.

const REQUEST = packed<CoordinatorRequest & Pick<Transfer, 'requestTs' | 'recipientId'>>('request', {
  requestTs: integer('requestTs'),
  recipientId: integer('recipientId'),
  coordinatorId: integer('coordinatorId'),
  coordinatorRequestId: integer('coordinatorRequestId'),
  // Any ASCII (SMP 2.1, PrepareTransfer), also spaces.
  coordinatorType: word('coordinatorType'),
});

const REJECTION = packed<Rejection>('rejection', {
  statusCode: text('statusCode'),
  totalLockedAmount: integer('totalLockedAmount'),
  rejectedAt: integer('rejectedAt'),
});

const PREPARATION = packed<Omit<Preparation, 'announcedAt'>>('preparation', {
  lockedAmount: integer('lockedAmount'),
  preparedAt: integer('preparedAt'),
  deadline: integer('deadline'),
  finalInterestRateTs: integer('finalInterestRateTs'),
});
/** An attribute of its own, since each reminder changes it and conditions compare it. */
const ANNOUNCED_AT = integer('announcedTs');

const FINALIZATION = packed<Finalization>('finalization', {
  statusCode: text('statusCode'),
  committedAmount: integer('committedAmount'),
  totalLockedAmount: integer('totalLockedAmount'),
  finalizedAt: integer('finalizedAt'),
});

const PAYMENT = packed<Pick<Payment, 'amount' | 'committedAt'>>('payment', {
  amount: integer('amount'),
  committedAt: integer('committedAt'),
});
const NOTE_FIELDS: FieldTable<Pick<Payment, 'note' | 'noteFormat'>> = {
  note: textOrEmpty('note'),
  noteFormat: textOrEmpty('noteFormat'),
};
const SENDER_ENTRY = ledgerEntry('senderEntry');

const CREDITED_AT = integer('creditedAt');
const RECIPIENT_ENTRY = ledgerEntry('recipientEntry');

/** The attributes that conditions compare to see whether a transfer has changed. */
export const STATE_ATTRIBUTES = {
  status: BASE_FIELDS.status.attribute,
  announcedAt: ANNOUNCED_AT.attribute,
} as const;

const TRANSFER_FORM: ItemForm = {
  number: 1n,
  attributes: new Set([
    TRANSFERS_TABLE.partitionKey,
    FORM_ATTRIBUTE,
    ...attributesOf(BASE_FIELDS),
    ...attributesOf(NOTE_FIELDS),
    ...attributesOf({
      REQUEST,
      REJECTION,
      PREPARATION,
      ANNOUNCED_AT,
      FINALIZATION,
      PAYMENT,
      SENDER_ENTRY,
      CREDITED_AT,
      RECIPIENT_ENTRY,
    }),
  ]),
  packed: [REQUEST, REJECTION, PREPARATION, FINALIZATION, PAYMENT, SENDER_ENTRY, RECIPIENT_ENTRY],
};

export function encodeRecord(record: TransferRecord): Item {
  switch (record.kind) {
    case 'transfer':
      return encodeTransfer(record);
    case 'config-rejection':
      return encodeConfigRejection(record);
    case 'tombstone':
      return encodeTombstone(record);
    default:
      return record satisfies never;
  }
}

function encodeTransfer(transfer: Transfer): Item {
  const { sender, transferId, request, requestTs, recipientId, payment, credit } = transfer;
  const item = {
    ...encodeRecordKey({ sender, transferId }),
    ...encodeFields(BASE_FIELDS, transfer),
    ...encodeField(REQUEST, { ...request, requestTs, recipientId }),
    ...encodeField(REJECTION, transfer.rejection),
    ...encodeField(PREPARATION, transfer.preparation),
    ...encodeField(ANNOUNCED_AT, transfer.preparation?.announcedAt),
    ...encodeField(FINALIZATION, transfer.finalization),
    ...encodeField(PAYMENT, payment),
    ...(payment && encodeFields(NOTE_FIELDS, payment)),
    ...encodeField(SENDER_ENTRY, payment?.senderEntry),
    ...encodeField(CREDITED_AT, credit?.creditedAt),
    ...encodeField(RECIPIENT_ENTRY, credit?.recipientEntry),
  };
  return withCarried(item, TRANSFER_FORM, transfer.carried);
}

/** @throws {CorruptItemError} when the item is not one that `encodeRecord` makes, or has a newer form */
export function decodeRecord(item: Item): TransferRecord {
  try {
    const sender = parsePartition(item[TRANSFERS_TABLE.partitionKey]);
    switch (item[TRANSFERS_TABLE.status]) {
      case CONFIG_REJECTION_STATUS:
        return decodeConfigRejection(sender, item);
      case TOMBSTONE_STATUS:
        return decodeTombstone(sender, item);
      default:
        return decodeTransfer(sender, item);
    }
  } catch (error) {
    const name = `${item[TRANSFERS_TABLE.partitionKey]} / ${item[TRANSFERS_TABLE.sortKey]}`;
    throw new CorruptItemError(`Item ${name} of the transfers table can't be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function decodeTransfer(sender: AccountKey, item: Item): Transfer {
  checkForm(item, TRANSFER_FORM);
  const { requestTs, recipientId, coordinatorType, coordinatorId, coordinatorRequestId } = decodeField(
    REQUEST,
    item,
  );
  const request = { coordinatorType, coordinatorId, coordinatorRequestId };
  const { status, ...base } = decodeFields(BASE_FIELDS, item);
  const parts = decodeParts(item);
  checkParts(request, status, parts);
  const transfer: object = {
    kind: 'transfer',
    sender,
    ...base,
    status,
    request,
    requestTs,
    recipientId,
    ...parts,
    ...carriedBy(item, TRANSFER_FORM),
  };
  // The check has found exactly the parts that a transfer of this status has.
  return transfer as Transfer;
}

function decodeParts(item: Item): { readonly [P in TransferPart]?: Transfer[P] } {
  return {
    ...(hasField(REJECTION, item) && { rejection: decodeField(REJECTION, item) }),
    ...(hasField(PREPARATION, item) && {
      preparation: { ...decodeField(PREPARATION, item), announcedAt: decodeField(ANNOUNCED_AT, item) },
    }),
    ...(hasField(FINALIZATION, item) && { finalization: decodeField(FINALIZATION, item) }),
    ...(hasField(PAYMENT, item) && { payment: decodePayment(item) }),
    ...(hasField(CREDITED_AT, item) && {
      credit: {
        creditedAt: decodeField(CREDITED_AT, item),
        recipientEntry: decodeOptional(RECIPIENT_ENTRY, item),
      },
    }),
  };
}

/** @throws {Error} when the transfer has other parts than its status says */
function checkParts(
  request: CoordinatorRequest,
  status: string,
  parts: ReturnType<typeof decodeParts>,
): void {
  const expected = partsOf(request, status);
  if (expected === undefined) {
    throw new Error(`its status is ${status}, which a transfer of type ${request.coordinatorType} never has`);
  }
  for (const part of expected) {
    if (parts[part] === undefined) {
      throw new Error(`its status is ${status}, yet it has no ${part}`);
    }
  }
  for (const part of Object.keys(parts) as TransferPart[]) {
    if (!expected.includes(part)) {
      throw new Error(`its status is ${status}, yet it has a ${part}`);
    }
  }
}

function decodePayment(item: Item): Payment {
  return {
    ...decodeField(PAYMENT, item),
    ...decodeFields(NOTE_FIELDS, item),
    senderEntry: decodeOptional(SENDER_ENTRY, item),
  };
}

function ledgerEntry(attribute: string): PackedCodec<LedgerEntry> {
  return packed<LedgerEntry>(attribute, {
    creationDate: text('creationDate'),
    transferNumber: integer('transferNumber'),
    principal: integer('principal'),
  });
}

function decodeOptional<T>(field: PackedCodec<T>, item: Item): T | undefined {
  return hasField(field, item) ? decodeField(field, item) : undefined;
}
