/**
 * What a client remembers of a transfer that it asked for, from before PrepareTransfer is sent until no copy of a message about
 * it can come any more (SMP 2.1, RT record). What messages change is in `transfer-answers.ts`, what time changes in
 * `transfer-chores.ts`, what the user decides in `transfer-decisions.ts`.
 */

import type {
  FinalizeTransfer,
  IncomingMessage,
  PreparedTransfer,
  PrepareTransfer,
} from '../../protocol/messages.ts';
import type { FinalizationStatus, RejectionStatus } from '../../protocol/status-codes.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';
import { finalizeTransfer } from '../messages/builders.ts';

/** Names a request among all that its client ever made. */
export interface TransferKey {
  /** `direct` for creditors, `issuing` for debtors, or a type of the coordinator's own. */
  readonly coordinatorType: string;
  /** The coordinator among those of its type; an int64. */
  readonly coordinatorId: bigint;
  /** The request among those of its coordinator; an int64. */
  readonly coordinatorRequestId: bigint;
}

/** What is to be done with the transfer once it is prepared. */
export type TransferPlan =
  | { readonly kind: 'hold' }
  | ({ readonly kind: 'commit' } & Settlement)
  | { readonly kind: 'dismiss' };

/** How a prepared transfer is to end. An amount of 0 dismisses it. */
export interface Settlement {
  /** In whole units, 0 … 2^63 − 1. */
  readonly committedAmount: bigint;
  /** Both sides see it. At most 500 bytes of UTF-8. */
  readonly transferNote: string;
  /** How to read the note: at most 8 letters, digits, points or hyphens. */
  readonly transferNoteFormat: string;
}

/** The lock that the authority holds, as PreparedTransfer told it. */
export type Preparation = Pick<
  PreparedTransfer,
  'transferId' | 'lockedAmount' | 'preparedAt' | 'deadline' | 'demurrageRate'
>;

/** Why the transfer was not prepared. */
export interface Rejection {
  /** SMP 2.1, RejectedTransfer, `status_code`. */
  readonly statusCode: RejectionStatus;
  /** In whole units: how much is locked on the sender's account by all its prepared transfers. */
  readonly totalLockedAmount: bigint;
}

/** How the authority ended the transfer. The amount is 0 unless the status is `OK`. */
export interface Outcome {
  /** What was paid, in whole units; 0 when the transfer was dismissed or failed. */
  readonly committedAmount: bigint;
  /** `OK` when it ended as was decided, else why it did not. SMP 2.1, FinalizedTransfer, `status_code`. */
  readonly statusCode: FinalizationStatus;
  /** In whole units: how much was still locked on the sender's account by all its prepared transfers. */
  readonly totalLockedAmount: bigint;
}

interface Requested {
  /** The request as it was sent first. Every copy is equal to it, also in `ts`, so that it can't lock twice. */
  readonly request: PrepareTransfer;
  /** The user's name for the whole transfer: the same key means the same transfer. */
  readonly idempotencyKey: string;
  readonly plan: TransferPlan;
  /** When the message that now awaits an answer was sent last, or, for a finished transfer, when it ended. */
  readonly touchedAt: Timestamp;
  /** How often that message was sent. */
  readonly sentCount: number;
}

/** What each status adds. */
interface Parts {
  /** PrepareTransfer awaits its answer. */
  readonly requested: object;
  /** Money is locked, and the user has yet to decide. */
  readonly prepared: { readonly preparation: Preparation };
  /** The decision is made and can't be changed. FinalizeTransfer awaits its answer. */
  readonly settled: {
    readonly preparation: Preparation;
    readonly settlement: Settlement;
    readonly settledAt: Timestamp;
  };
  /** Ended, after it was prepared. */
  readonly finalized: Parts['settled'] & { readonly outcome: Outcome };
  /** Ended without a lock. */
  readonly rejected: { readonly rejection: Rejection };
}

/** How far a transfer is, as the interface of each status says. */
export type TransferStatus = keyof Parts;

/** One transfer in one of its statuses. */
export type RunningTransfer<S extends TransferStatus = TransferStatus> = S extends TransferStatus
  ? Requested & { readonly status: S } & Parts[S]
  : never;

/** What a step leaves: the record (`undefined` when it is forgotten), and what has to be sent once the record is saved. */
export interface TransferStep {
  /** The very same record where nothing changed. */
  readonly transfer: RunningTransfer | undefined;
  /** In the order in which they are to be sent. */
  readonly send: readonly IncomingMessage[];
}

/** A new transfer, and the request that may be sent when it is saved. */
export function requestTransfer(
  request: PrepareTransfer,
  plan: TransferPlan,
  { idempotencyKey }: { readonly idempotencyKey: string },
): TransferStep {
  const transfer: RunningTransfer<'requested'> = {
    status: 'requested',
    request,
    idempotencyKey,
    plan,
    touchedAt: request.ts,
    sentCount: 1,
  };
  return { transfer, send: [request] };
}

/** The triple that names the request. */
export function transferKeyOf({ request }: RunningTransfer): TransferKey {
  const { coordinatorType, coordinatorId, coordinatorRequestId } = request;
  return { coordinatorType, coordinatorId, coordinatorRequestId };
}

/** Whether the transfer ended: no message about it changes it any more. */
export function isEnded(transfer: RunningTransfer): transfer is RunningTransfer<'finalized' | 'rejected'> {
  return transfer.status === 'finalized' || transfer.status === 'rejected';
}

/** Makes the decision of a prepared transfer, for good. */
export function settle(
  transfer: RunningTransfer<'prepared'>,
  settlement: Settlement,
  now: Timestamp,
): { readonly transfer: RunningTransfer<'settled'>; readonly send: readonly [FinalizeTransfer] } {
  const settled: RunningTransfer<'settled'> = {
    ...transfer,
    status: 'settled',
    settlement,
    settledAt: now,
    touchedAt: now,
    sentCount: 1,
  };
  return { transfer: settled, send: [finalizationOf(settled, now)] };
}

/** The FinalizeTransfer of a decision; all that there ever are differ in `ts` only. */
export function finalizationOf(
  { request, preparation, settlement }: RunningTransfer<'settled' | 'finalized'>,
  ts: Timestamp,
): FinalizeTransfer {
  const { debtorId, creditorId, coordinatorType, coordinatorId, coordinatorRequestId } = request;
  return finalizeTransfer({
    debtorId,
    creditorId,
    transferId: preparation.transferId,
    coordinatorType,
    coordinatorId,
    coordinatorRequestId,
    ...settlement,
    ts,
  });
}

/** Releases a lock that is none of ours: the FinalizeTransfer with amount 0. */
export function dismissalOf(prepared: PreparedTransfer, ts: Timestamp): FinalizeTransfer {
  const { debtorId, creditorId, transferId, coordinatorType, coordinatorId, coordinatorRequestId } = prepared;
  return finalizeTransfer({
    debtorId,
    creditorId,
    transferId,
    coordinatorType,
    coordinatorId,
    coordinatorRequestId,
    committedAmount: 0n,
    ts,
  });
}

/** A dismissal as a decision. */
export const DISMISSED: Settlement = { committedAmount: 0n, transferNote: '', transferNoteFormat: '' };
