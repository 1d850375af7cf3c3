/**
 * All fields of all messages: the name in code, the name on the wire, the kind, and the limits. `messages.ts` says which
 * message has which fields, and narrows limits where a message allows less.
 */

import type * as z from 'zod';
import {
  ACCOUNT_ID_MAX_LENGTH,
  CONFIG_DATA_MAX_BYTES,
  DEBTOR_INFO_IRI_MAX_CHARACTERS,
  MAX_INTEREST_RATE,
  MIN_INTEREST_RATE,
  TRANSFER_NOTE_MAX_BYTES,
} from './constants.ts';
import {
  bytesKind,
  dateKind,
  dateTimeKind,
  type FieldKind,
  floatKind,
  int32Kind,
  int64Kind,
  stringKind,
} from './field-kinds.ts';
import {
  ascii,
  attributeAscii,
  canonicalAccountId,
  characters,
  date,
  dateTime,
  float,
  hexBytes,
  int32,
  int64,
  oneOf,
  pattern,
  utf8Text,
} from './limits.ts';
import { CONFIG_REJECTION_CODES } from './status-codes.ts';

/** One row of the field table. */
export interface Field<K, S extends z.ZodType<K>> {
  readonly wireName: string;
  readonly kind: FieldKind<K>;
  readonly schema: S;
}

function field<K, S extends z.ZodType<K>>(wireName: string, kind: FieldKind<K>, schema: S): Field<K, S> {
  return { wireName, kind, schema };
}

/** SMP 2.1, incoming and outgoing messages. */
export const FIELDS = {
  debtorId: field('debtor_id', int64Kind, int64()),
  creditorId: field('creditor_id', int64Kind, int64()),
  ts: field('ts', dateTimeKind, dateTime()),
  seqnum: field('seqnum', int32Kind, int32()),

  // configuration
  negligibleAmount: field('negligible_amount', floatKind, float(0)),
  configFlags: field('config_flags', int32Kind, int32()),
  configData: field('config_data', stringKind, utf8Text(CONFIG_DATA_MAX_BYTES)),
  configTs: field('config_ts', dateTimeKind, dateTime()),
  configSeqnum: field('config_seqnum', int32Kind, int32()),
  rejectionCode: field('rejection_code', stringKind, oneOf(CONFIG_REJECTION_CODES)),

  // transfers
  transferId: field('transfer_id', int64Kind, int64()),
  coordinatorType: field('coordinator_type', stringKind, attributeAscii(30)),
  coordinatorId: field('coordinator_id', int64Kind, int64()),
  coordinatorRequestId: field('coordinator_request_id', int64Kind, int64()),
  minLockedAmount: field('min_locked_amount', int64Kind, int64(0n)),
  maxLockedAmount: field('max_locked_amount', int64Kind, int64(0n)),
  lockedAmount: field('locked_amount', int64Kind, int64(0n)),
  totalLockedAmount: field('total_locked_amount', int64Kind, int64(0n)),
  committedAmount: field('committed_amount', int64Kind, int64(0n)),
  recipient: field('recipient', stringKind, ascii(ACCOUNT_ID_MAX_LENGTH)),
  maxCommitDelay: field('max_commit_delay', int32Kind, int32(0)),
  finalInterestRateTs: field('final_interest_rate_ts', dateTimeKind, dateTime()),
  transferNote: field('transfer_note', stringKind, utf8Text(TRANSFER_NOTE_MAX_BYTES)),
  transferNoteFormat: field('transfer_note_format', stringKind, pattern(/^[0-9A-Za-z.-]{0,8}$/)),
  preparedAt: field('prepared_at', dateTimeKind, dateTime()),
  deadline: field('deadline', dateTimeKind, dateTime()),
  statusCode: field('status_code', stringKind, attributeAscii(30)),

  // an account's ledger
  transferNumber: field('transfer_number', int64Kind, int64(1n)),
  previousTransferNumber: field('previous_transfer_number', int64Kind, int64(0n)),
  sender: field('sender', stringKind, canonicalAccountId()),
  acquiredAmount: field('acquired_amount', int64Kind, int64()),
  committedAt: field('committed_at', dateTimeKind, dateTime()),

  // an account's state
  accountId: field('account_id', stringKind, canonicalAccountId()),
  creationDate: field('creation_date', dateKind, date()),
  lastChangeTs: field('last_change_ts', dateTimeKind, dateTime()),
  lastChangeSeqnum: field('last_change_seqnum', int32Kind, int32()),
  principal: field('principal', int64Kind, int64()),
  interest: field('interest', floatKind, float()),
  interestRate: field('interest_rate', floatKind, float(MIN_INTEREST_RATE, MAX_INTEREST_RATE)),
  lastInterestRateChangeTs: field('last_interest_rate_change_ts', dateTimeKind, dateTime()),
  lastConfigTs: field('last_config_ts', dateTimeKind, dateTime()),
  lastConfigSeqnum: field('last_config_seqnum', int32Kind, int32()),
  lastTransferNumber: field('last_transfer_number', int64Kind, int64(0n)),
  lastTransferCommittedAt: field('last_transfer_committed_at', dateTimeKind, dateTime()),
  debtorInfoIri: field('debtor_info_iri', stringKind, characters(0, DEBTOR_INFO_IRI_MAX_CHARACTERS)),
  debtorInfoContentType: field('debtor_info_content_type', stringKind, ascii(100)),
  debtorInfoSha256: field('debtor_info_sha256', bytesKind, hexBytes(32, { mayBeEmpty: true })),

  // an account's terms
  demurrageRate: field('demurrage_rate', floatKind, float(MIN_INTEREST_RATE, 0)),
  commitPeriod: field('commit_period', int32Kind, int32(0)),
  transferNoteMaxBytes: field('transfer_note_max_bytes', int32Kind, int32(0)),
  ttl: field('ttl', int32Kind, int32(0)),
} as const;

export type FieldName = keyof typeof FIELDS;
