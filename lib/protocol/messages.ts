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

/** Every outgoing message begins with these. */
const HEADER = ['debtorId', 'creditorId', 'ts'] as const;
/** Lets a rule about several fields be checked beside faults of other fields. */
function whenSound(names: readonly FieldName[]) {
  return ({ issues }: z.core.ParsePayload): boolean =>
    !issues.some(({ path = [] }) => names.includes(path[0] as FieldName));
}

/** The sentence with which the field's schema refuses a value. */
function faultOf(name: FieldName): string {
  return FIELDS[name].schema.safeParse(undefined).error?.issues[0]?.message ?? '';
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
    when: whenSound(['minLockedAmount', 'maxLockedAmount']),
  })
  .superRefine(
    (transfer, context) => {
      const fault = coordinatorFault(transfer);
      if (fault !== undefined) {
        context.addIssue({ code: 'custom', ...fault });
      }
    },
    { when: whenSound(['debtorId', 'creditorId', 'coordinatorType', 'coordinatorId']) },
  );

const NOTE = ['transferNote', 'transferNoteFormat'] as const;

/** A dismissal ignores the note, so that an illegal one leaves no lock behind. */
export const finalizeTransferSchema = message('FinalizeTransfer', [
  'debtorId',
  'creditorId',
  'transferId',
  ...COORDINATOR,
  'committedAmount',
  ...NOTE,
  'ts',
])
  .extend({
    transferNote: z.string({ error: faultOf('transferNote') }),
    transferNoteFormat: z.string({ error: faultOf('transferNoteFormat') }),
  })
  .superRefine(
    (transfer, context) => {
      for (const name of NOTE.filter(() => transfer.committedAmount > 0n)) {
        if (typeof transfer[name] === 'string' && !FIELDS[name].schema.safeParse(transfer[name]).success) {
          context.addIssue({ code: 'custom', path: [name], message: faultOf(name) });
        }
      }
    },
    { when: whenSound(['committedAmount']) },
  );

export const rejectedConfigSchema = message('RejectedConfig', [
  ...HEADER,
  'configTs',
  'configSeqnum',
  'configFlags',
  'negligibleAmount',
  'configData',
  'rejectionCode',
]);

export const rejectedTransferSchema = message('RejectedTransfer', [
  ...HEADER,
  ...COORDINATOR,
  'statusCode',
  'totalLockedAmount',
]).extend({ statusCode: oneOf(REJECTED_TRANSFER_STATUS_CODES) });

export const preparedTransferSchema = message('PreparedTransfer', [
  ...HEADER,
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
  ...HEADER,
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
  ...HEADER,
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

export const accountPurgeSchema = message('AccountPurge', [...HEADER, 'creationDate']);

export const accountTransferSchema = message('AccountTransfer', [
  ...HEADER,
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
