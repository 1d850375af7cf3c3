/**
 * The schema and the TypeScript type of each message. int64 and instants (microseconds) are bigints, int32 and floats are
 * numbers, dates and bytes (upper-case hex) are strings. The field table holds names, kinds and limits of the fields.
 */

import * as z from 'zod';
import { coordinatorFault } from './coordinators.ts';
import { FIELDS, type FieldName } from './field-table.ts';
import { canonicalAccountId, int64, oneOf } from './limits.ts';
import { FINALIZED_TRANSFER_STATUS_CODES, REJECTED_TRANSFER_STATUS_CODES } from './status-codes.ts';

type Shape<T extends string, N extends FieldName> = { type: z.ZodLiteral<T> } & {
  [K in N]: (typeof FIELDS)[K]['schema'];
};

/** A message of these fields, written in this order. */
function message<const T extends string, const N extends FieldName>(type: T, names: readonly N[]) {
  const fields = Object.fromEntries(names.map((name) => [name, FIELDS[name].schema]));
  return z.object({ type: z.literal(type), ...fields } as unknown as Shape<T, N>);
}

const COORDINATOR = ['coordinatorType', 'coordinatorId', 'coordinatorRequestId'] as const;

export const configureAccountSchema = message('ConfigureAccount', [
  'debtorId',
  'creditorId',
  'negligibleAmount',
  'configFlags',
  'configData',
  'ts',
  'seqnum',
]);

export const prepareTransferSchema = message('PrepareTransfer', [
  'debtorId',
  'creditorId',
  ...COORDINATOR,
  'minLockedAmount',
  'maxLockedAmount',
  'recipient',
  'finalInterestRateTs',
  'maxCommitDelay',
  'ts',
])
  .refine(({ minLockedAmount, maxLockedAmount }) => minLockedAmount <= maxLockedAmount, {
    path: ['maxLockedAmount'],
    error: 'must be at least min_locked_amount',
  })
  .superRefine((transfer, context) => {
    const fault = coordinatorFault(transfer);
    if (fault !== undefined) {
      context.addIssue({ code: 'custom', ...fault });
    }
  });

export const finalizeTransferSchema = message('FinalizeTransfer', [
  'debtorId',
  'creditorId',
  'transferId',
  ...COORDINATOR,
  'committedAmount',
  'transferNote',
  'transferNoteFormat',
  'ts',
]);

export const rejectedConfigSchema = message('RejectedConfig', [
  'debtorId',
  'creditorId',
  'ts',
  'configTs',
  'configSeqnum',
  'configFlags',
  'negligibleAmount',
  'configData',
  'rejectionCode',
]);

export const rejectedTransferSchema = message('RejectedTransfer', [
  'debtorId',
  'creditorId',
  'ts',
  ...COORDINATOR,
  'statusCode',
  'totalLockedAmount',
]).extend({ statusCode: oneOf(REJECTED_TRANSFER_STATUS_CODES) });

export const preparedTransferSchema = message('PreparedTransfer', [
  'debtorId',
  'creditorId',
  'ts',
  'transferId',
  ...COORDINATOR,
  'lockedAmount',
  'recipient',
  'preparedAt',
  'demurrageRate',
  'deadline',
  'finalInterestRateTs',
]).extend({ transferId: int64(1n), recipient: canonicalAccountId() });

export const finalizedTransferSchema = message('FinalizedTransfer', [
  'debtorId',
  'creditorId',
  'ts',
  'transferId',
  ...COORDINATOR,
  'committedAmount',
  'statusCode',
  'totalLockedAmount',
  'preparedAt',
])
  .extend({ transferId: int64(1n), statusCode: oneOf(FINALIZED_TRANSFER_STATUS_CODES) })
  .refine(({ statusCode, committedAmount }) => statusCode === 'OK' || committedAmount === 0n, {
    path: ['committedAmount'],
    error: 'must be 0 unless status_code is OK',
  });

export const accountUpdateSchema = message('AccountUpdate', [
  'debtorId',
  'creditorId',
  'ts',
  'creationDate',
  'lastChangeTs',
  'lastChangeSeqnum',
  'principal',
  'interest',
  'interestRate',
  'lastInterestRateChangeTs',
  'lastConfigTs',
  'lastConfigSeqnum',
  'negligibleAmount',
  'configFlags',
  'configData',
  'accountId',
  'debtorInfoIri',
  'debtorInfoContentType',
  'debtorInfoSha256',
  'lastTransferNumber',
  'lastTransferCommittedAt',
  'demurrageRate',
  'commitPeriod',
  'transferNoteMaxBytes',
  'ttl',
]);

export const accountPurgeSchema = message('AccountPurge', ['debtorId', 'creditorId', 'ts', 'creationDate']);

export const accountTransferSchema = message('AccountTransfer', [
  'debtorId',
  'creditorId',
  'ts',
  'creationDate',
  'transferNumber',
  'coordinatorType',
  'sender',
  'recipient',
  'acquiredAmount',
  'transferNote',
  'transferNoteFormat',
  'committedAt',
  'principal',
  'previousTransferNumber',
]).extend({ recipient: canonicalAccountId() });

/** SMP 2.1, incoming messages. */
export const INCOMING_MESSAGE_SCHEMAS = {
  ConfigureAccount: configureAccountSchema,
  PrepareTransfer: prepareTransferSchema,
  FinalizeTransfer: finalizeTransferSchema,
} as const;

/** SMP 2.1, outgoing messages. */
export const OUTGOING_MESSAGE_SCHEMAS = {
  RejectedConfig: rejectedConfigSchema,
  RejectedTransfer: rejectedTransferSchema,
  PreparedTransfer: preparedTransferSchema,
  FinalizedTransfer: finalizedTransferSchema,
  AccountUpdate: accountUpdateSchema,
  AccountPurge: accountPurgeSchema,
  AccountTransfer: accountTransferSchema,
} as const;

export type ConfigureAccount = Readonly<z.output<typeof configureAccountSchema>>;
export type PrepareTransfer = Readonly<z.output<typeof prepareTransferSchema>>;
export type FinalizeTransfer = Readonly<z.output<typeof finalizeTransferSchema>>;
export type IncomingMessage = ConfigureAccount | PrepareTransfer | FinalizeTransfer;

export type RejectedConfig = Readonly<z.output<typeof rejectedConfigSchema>>;
export type RejectedTransfer = Readonly<z.output<typeof rejectedTransferSchema>>;
export type PreparedTransfer = Readonly<z.output<typeof preparedTransferSchema>>;
export type FinalizedTransfer = Readonly<z.output<typeof finalizedTransferSchema>>;
export type AccountUpdate = Readonly<z.output<typeof accountUpdateSchema>>;
export type AccountPurge = Readonly<z.output<typeof accountPurgeSchema>>;
export type AccountTransfer = Readonly<z.output<typeof accountTransferSchema>>;
export type OutgoingMessage =
  | RejectedConfig
  | RejectedTransfer
  | PreparedTransfer
  | FinalizedTransfer
  | AccountUpdate
  | AccountPurge
  | AccountTransfer;
