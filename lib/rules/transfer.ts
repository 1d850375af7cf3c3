/**
 * What a transfer is: one item that lives through `prepared → committed → credited`, or `prepared → dismissed`, or is
 * born `rejected`. Each step adds its part and takes none away, so the projection can tell from two images what happened.
 */

import type { ConfigureAccount } from '../protocol/messages.ts';
import type { FinalizationStatus, RejectionStatus } from '../protocol/status-codes.ts';
import { addSeconds, type Timestamp } from '../protocol/timestamps.ts';
import type { Account, AccountKey } from './account.ts';

export type TransferStatus = 'rejected' | 'prepared' | 'dismissed' | 'committed' | 'credited';

/** What names a coordinator's request (SMP 2.1, section 1). */
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
  /** Right after this transfer. */
  readonly principal: bigint;
}

/** What left the sender's account. */
export interface Payment {
  /** What the recipient is due. Negative for interest that the root account pays to the account the item belongs to. */
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

/** A transfer of `sender`; payments of type `interest` and `delete` belong to the account that the sweep found. */
export interface Transfer {
  readonly kind: 'transfer';
  readonly sender: AccountKey;
  /** Positive; never used again for the sender (SMP 2.1, PrepareTransfer). */
  readonly transferId: bigint;
  readonly status: TransferStatus;
  readonly request: CoordinatorRequest;
  /** The `ts` of the request. */
  readonly requestTs: Timestamp;
  readonly recipientId: bigint;
  readonly rejection?: Rejection;
  readonly preparation?: Preparation;
  readonly finalization?: Finalization;
  readonly payment?: Payment;
  readonly credit?: Credit;
  /** When the item may be forgotten; `undefined` while the transfer is under way. */
  readonly expiresAt: Timestamp | undefined;
}

/** A configuration that was refused; kept so that its RejectedConfig takes the same road as all messages. */
export interface ConfigRejection {
  readonly kind: 'config-rejection';
  readonly sender: AccountKey;
  /** Negative, so that it is never taken for a transfer. */
  readonly transferId: bigint;
  readonly config: ConfigureAccount;
  readonly rejectedAt: Timestamp;
  readonly expiresAt: Timestamp;
}

/** Whatever is kept in the transfers table. */
export type TransferRecord = Transfer | ConfigRejection;

/**
 * How long finished transfers are kept. SQS holds a message for 14 days, and once more when it is redriven from the
 * dead-letter queue, so after 28 days no copy of a request can come any more.
 */
const FINISHED_RETENTION_SECONDS = 30 * 86_400;
const MICROSECONDS_IN_SECOND = 1_000_000n;

/** When what was finished at `finishedAt` may be forgotten, in whole seconds as the table's time to live wants it. */
export function expiryOf(finishedAt: Timestamp): Timestamp {
  const expiry = addSeconds(finishedAt, FINISHED_RETENTION_SECONDS);
  return expiry - (expiry % MICROSECONDS_IN_SECOND);
}

/** Negligible transfers get no AccountTransfer: incoming ones, not of type `agent`, of at most the negligible amount. */
export function isNegligible(account: Account, coordinatorType: string, acquiredAmount: bigint): boolean {
  return coordinatorType !== 'agent' && acquiredAmount > 0n && acquiredAmount <= account.negligibleAmount;
}
