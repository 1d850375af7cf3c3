/**
 * What a transfer is: one item that goes from `prepared` to `committed` to `credited`, or from `prepared` to `dismissed`,
 * or begins and ends as `rejected`. Each step adds its part and removes none, so the projection can tell from two images
 * of the item what happened.
 */

import { OWN_COORDINATOR_TYPES } from '../protocol/constants.ts';
import { greaterOf } from '../protocol/integers.ts';
import type { ConfigureAccount } from '../protocol/messages.ts';
import type { FinalizationStatus, RejectionStatus } from '../protocol/status-codes.ts';
import {
  addSeconds,
  MICROSECONDS_IN_SECOND,
  SECONDS_IN_DAY,
  secondsBetween,
  type Timestamp,
} from '../protocol/timestamps.ts';
import type { Account, AccountKey } from './account.ts';
import type { Carrier } from './carried.ts';
import { exact, isGreater } from './exact.ts';
import type { Settings } from './settings.ts';

type DelaySettings = Pick<Settings, 'messageMaxDelaySeconds'>;

/** The triple that names a coordinator's request (SMP 2.1, section 1). */
export interface CoordinatorRequest {
  readonly coordinatorType: string;
  readonly coordinatorId: bigint;
  readonly coordinatorRequestId: bigint;
}

/** A transfer request that was refused (SMP 2.1, RejectedTransfer). */
export interface Rejection {
  readonly statusCode: RejectionStatus;
  readonly totalLockedAmount: bigint;
  readonly rejectedAt: Timestamp;
}

/** The lock on the sender's account (SMP 2.1, PreparedTransfer). */
export interface Preparation {
  readonly lockedAmount: bigint;
  readonly preparedAt: Timestamp;
  readonly deadline: Timestamp;
  readonly finalInterestRateTs: Timestamp;
  /** The `ts` of the latest PreparedTransfer; changes when the transfer is announced again (SMP 2.1, section 6). */
  readonly announcedAt: Timestamp;
}

/** How the lock ended (SMP 2.1, FinalizedTransfer). `committedAmount` is 0 unless the status is `OK`. */
export interface Finalization {
  readonly statusCode: FinalizationStatus;
  readonly committedAmount: bigint;
  readonly totalLockedAmount: bigint;
  readonly finalizedAt: Timestamp;
}

/** The place of a transfer in one account's ledger (SMP 2.1, AccountTransfer). */
export interface LedgerEntry {
  readonly creationDate: string;
  readonly transferNumber: bigint;
  /** The account's principal right after this transfer. */
  readonly principal: bigint;
}

/** What left the sender's account. */
export interface Payment {
  /** What the recipient is due; negative where the root account, as recipient, pays interest to the sender. */
  readonly amount: bigint;
  readonly committedAt: Timestamp;
  readonly note: string;
  readonly noteFormat: string;
  /** `undefined` where the sender gets no AccountTransfer. */
  readonly senderEntry: LedgerEntry | undefined;
}

/** What reached the recipient's account. */
export interface Credit {
  readonly creditedAt: Timestamp;
  /** `undefined` where the recipient gets no AccountTransfer. */
  readonly recipientEntry: LedgerEntry | undefined;
}

/** What each step adds to a transfer. */
interface TransferParts {
  readonly rejection: Rejection;
  readonly preparation: Preparation;
  readonly finalization: Finalization;
  readonly payment: Payment;
  readonly credit: Credit;
}
export type TransferPart = keyof TransferParts;

/** The parts that a requested transfer has in each status. */
const PARTS_OF_REQUESTS = {
  rejected: ['rejection'],
  prepared: ['preparation'],
  dismissed: ['preparation', 'finalization'],
  committed: ['preparation', 'finalization', 'payment'],
  credited: ['preparation', 'finalization', 'payment', 'credit'],
} as const satisfies Record<string, readonly TransferPart[]>;

/** Payments that this server makes by itself begin as committed. */
const PARTS_OF_OWN_PAYMENTS = {
  committed: ['payment'],
  credited: ['payment', 'credit'],
} as const satisfies Record<string, readonly TransferPart[]>;

export type TransferStatus = keyof typeof PARTS_OF_REQUESTS;

/** What a transfer has in every status. A payment of type `interest` or `delete` has the account that it changes as sender. */
interface TransferBase extends Carrier {
  readonly kind: 'transfer';
  readonly sender: AccountKey;
  /** Positive; never used again for the sender (SMP 2.1, PrepareTransfer). */
  readonly transferId: bigint;
  readonly request: CoordinatorRequest;
  /** The `ts` of the request. */
  readonly requestTs: Timestamp;
  readonly recipientId: bigint;
  /** When the item may be forgotten; `undefined` while the transfer is under way. */
  readonly expiresAt: Timestamp | undefined;
}

type WithParts<S extends TransferStatus, P extends TransferPart> = TransferBase & {
  readonly status: S;
} & Pick<TransferParts, P> & { readonly [K in Exclude<TransferPart, P>]?: undefined };

type Requested = { [S in TransferStatus]: WithParts<S, (typeof PARTS_OF_REQUESTS)[S][number]> };
type OwnPayment = {
  [S in keyof typeof PARTS_OF_OWN_PAYMENTS]: WithParts<S, (typeof PARTS_OF_OWN_PAYMENTS)[S][number]>;
};

/** A transfer, or a transfer in a certain status: a `Transfer<'committed'>` has a payment and no credit. */
export type Transfer<S extends TransferStatus = TransferStatus> =
  | Requested[S]
  | OwnPayment[S & keyof OwnPayment];

/** A configuration that was rejected. It is an item, so that RejectedConfig is published like every other message. */
export interface ConfigRejection extends Carrier {
  readonly kind: 'config-rejection';
  readonly sender: AccountKey;
  /** Negative, so that it can't be confused with a transfer. */
  readonly transferId: bigint;
  readonly config: ConfigureAccount;
  readonly rejectedAt: Timestamp;
  readonly expiresAt: Timestamp;
}

/** What is left of an account that was purged, for a while, so that its AccountPurge can be published again. */
export interface Tombstone extends Carrier {
  readonly kind: 'tombstone';
  /** The account that is gone. */
  readonly sender: AccountKey;
  /** Negative, so that it can't be confused with a transfer. */
  readonly transferId: bigint;
  readonly creationDate: string;
  readonly purgedAt: Timestamp;
  readonly expiresAt: Timestamp;
}

/** An item of the transfers table. */
export type TransferRecord = Transfer | ConfigRejection | Tombstone;

/** SQS keeps a message for 14 days, and for 14 more when it is redriven from the dead-letter queue. */
const QUEUES_RETENTION_SECONDS = 28 * SECONDS_IN_DAY;
/** Records outlive the requests that they answer by this time, so that clocks may differ by as much. */
const RETENTION_MARGIN_SECONDS = 2 * SECONDS_IN_DAY;

/** The greatest age, by its `ts`, at which a request may reach us for the first time, or once more. */
function greatestRequestAge({ messageMaxDelaySeconds }: DelaySettings): number {
  return messageMaxDelaySeconds + QUEUES_RETENTION_SECONDS;
}

/** When what was finished at `finishedAt` may be forgotten, in whole seconds as the table's time to live wants it. */
export function expiryOf(finishedAt: Timestamp, settings: DelaySettings): Timestamp {
  const expiry = addSeconds(finishedAt, greatestRequestAge(settings) + RETENTION_MARGIN_SECONDS);
  return expiry - (expiry % MICROSECONDS_IN_SECOND);
}

/**
 * The same for a transfer: not before its request is older than all records, even where the clock of who sent it was far ahead, or
 * a late copy would be handled as a new request (SMP 2.1, PrepareTransfer, redelivery).
 */
export function transferExpiry(
  { requestTs }: Pick<TransferBase, 'requestTs'>,
  finishedAt: Timestamp,
  settings: DelaySettings,
): Timestamp {
  return expiryOf(greaterOf(finishedAt, requestTs), settings);
}

/** Whether the record of a request of this `ts` may have been forgotten (SMP 2.1, PrepareTransfer, redelivery). */
export function isOlderThanRecords(requestTs: Timestamp, now: Timestamp, settings: DelaySettings): boolean {
  return secondsBetween(requestTs, now) > greatestRequestAge(settings);
}

/** The parts that a transfer of this request has in the status; `undefined` where it never has that status. */
export function partsOf(request: CoordinatorRequest, status: string): readonly TransferPart[] | undefined {
  const parts: Readonly<Record<string, readonly TransferPart[]>> = isOwnRequest(request)
    ? PARTS_OF_OWN_PAYMENTS
    : PARTS_OF_REQUESTS;
  return Object.hasOwn(parts, status) ? parts[status] : undefined;
}

export function hasStatus<S extends TransferStatus>(
  record: TransferRecord | undefined,
  status: S,
): record is Transfer<S> {
  return record?.kind === 'transfer' && record.status === status;
}

/** Whether this server made the payment by itself, of type `interest` or `delete`. */
export function isOwnRequest({ coordinatorType }: CoordinatorRequest): boolean {
  return OWN_COORDINATOR_TYPES.includes(coordinatorType);
}

/** Whether both name the same request of the same coordinator. */
export function isSameCoordinatorRequest(a: CoordinatorRequest, b: CoordinatorRequest): boolean {
  return (
    a.coordinatorType === b.coordinatorType &&
    a.coordinatorId === b.coordinatorId &&
    a.coordinatorRequestId === b.coordinatorRequestId
  );
}

/** Negligible transfers get no AccountTransfer: incoming ones, not of type `agent`, of at most the negligible amount. */
export function isNegligible(account: Account, coordinatorType: string, acquiredAmount: bigint): boolean {
  const isWithin = !isGreater(exact(acquiredAmount), exact(account.negligibleAmount));
  return coordinatorType !== 'agent' && acquiredAmount > 0n && isWithin;
}
