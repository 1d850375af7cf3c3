/**
 * The two sides of a payment: what it did to each account's principal, when, and under which number. What must be true of all
 * sides of an account together is in `ledger-checks.ts`.
 */

import { addSeconds, type Timestamp } from '../../../protocol/timestamps.ts';
import { type Account, type AccountKey, isRootAccount } from '../../../rules/account.ts';
import type { LedgerEntry, Transfer } from '../../../rules/transfer.ts';
import { startOfDate } from './range-checks.ts';

/** An entry of an ordinary account's ledger (SMP 2.1, AccountTransfer). */
export interface NumberedSide {
  readonly creationDate: string;
  readonly transferNumber: bigint;
  /** Right after the transfer. */
  readonly principal: bigint;
  readonly acquiredAmount: bigint;
  /** When it changed the principal, by the clock of the function that did it. */
  readonly at: Timestamp;
  readonly committedAt: Timestamp;
  /** The transfer's name in findings. */
  readonly transfer: string;
}

/** A change of the principal without a ledger entry: a negligible credit, or any change of a root account. */
export interface UnnumberedSide {
  readonly acquiredAmount: bigint;
  readonly at: Timestamp;
  /**
   * Whether `at` may be earlier than other changes of the account: true of the commits of a root account. Elsewhere the
   * instants of an account never go back.
   */
  readonly isByWritersClock: boolean;
}

export type LedgerAccount = Pick<
  Account,
  | 'debtorId'
  | 'creditorId'
  | 'creationDate'
  | 'principal'
  | 'clippedAmount'
  | 'lastTransferNumber'
  | 'lastTransferCommittedAt'
  | 'lastChangeTs'
>;

export interface LedgerSides {
  /** The latest life first, and in it the highest number first. */
  readonly numbered: Iterable<NumberedSide>;
  /** The latest first; can be read more than once. */
  readonly unnumbered: () => Iterable<UnnumberedSide>;
}

export interface LedgerClock {
  /** Transfers that expired before this may be gone. */
  readonly at: Timestamp;
  /** When the reading of the accounts began; `undefined` if nothing changes while they are read. */
  readonly readSince: Timestamp | undefined;
  /** An account that existed later than this can't have been purged since. */
  readonly purgedBefore: Timestamp;
}

/** One account with its sides, as they were read. */
export interface Ledger {
  readonly account: LedgerAccount;
  readonly sides: LedgerSides;
  readonly clock: LedgerClock;
}

/** The auditor's clock differs by less from those of the functions. */
const AUDITOR_SKEW_SECONDS = 60;

/** A side, and whose it is. */
export type OwnedSide = { readonly owner: AccountKey } & (
  | ({ readonly kind: 'numbered' } & NumberedSide)
  | ({ readonly kind: 'unnumbered' } & UnnumberedSide)
);

/** The changes of principals that the transfer has made so far: none, the sender's, or both. */
export function sidesOf(transfer: Transfer, name: string): readonly OwnedSide[] {
  const { sender, recipientId, payment, credit } = transfer;
  if (payment === undefined) {
    return [];
  }
  const { amount, committedAt, senderEntry } = payment;
  const side = (
    change: Pick<OwnedSide, 'owner' | 'acquiredAmount' | 'at'>,
    entry: LedgerEntry | undefined,
  ): OwnedSide =>
    entry === undefined || isRootAccount(change.owner)
      ? {
          kind: 'unnumbered',
          ...change,
          isByWritersClock: change.owner === sender && isRootAccount(sender),
        }
      : { kind: 'numbered', ...change, committedAt, transfer: name, ...entry };
  const debit = side({ owner: sender, acquiredAmount: -amount, at: committedAt }, senderEntry);
  if (credit === undefined) {
    return [debit];
  }
  const owner = { debtorId: sender.debtorId, creditorId: recipientId };
  return [debit, side({ owner, acquiredAmount: amount, at: credit.creditedAt }, credit.recipientEntry)];
}

/** Proof that an account existed, apart from its sides. */
export interface Mention {
  readonly owner: AccountKey;
  readonly at: Timestamp;
}

/**
 * The accounts that existed when the transfer was prepared, unless a side proves it for a later instant. The sender did;
 * so did the recipient, which must then be reachable (SMP 2.1, PrepareTransfer, check 1), except for a root account and for
 * type `agent`.
 */
export function mentionsOf({
  sender,
  recipientId,
  request,
  preparation,
  payment,
  credit,
}: Transfer): Mention[] {
  if (preparation === undefined || credit !== undefined) {
    return [];
  }
  const at = preparation.preparedAt;
  const recipient = { debtorId: sender.debtorId, creditorId: recipientId };
  const isRecipientSure = !isRootAccount(recipient) && request.coordinatorType !== 'agent';
  return [
    ...(payment === undefined ? [{ owner: sender, at }] : []),
    ...(isRecipientSure ? [{ owner: recipient, at }] : []),
  ];
}

/** Whether the account's principal, as it was read, includes the change. */
export function inclusionOf(
  side: UnnumberedSide,
  { account: { lastChangeTs }, clock: { readSince } }: Omit<Ledger, 'sides'>,
): 'in' | 'out' | 'doubtful' {
  if (side.at > lastChangeTs) {
    return 'out';
  }
  const mayBeLater = readSince !== undefined && side.at >= addSeconds(readSince, -AUDITOR_SKEW_SECONDS);
  return mayBeLater && (side.isByWritersClock || side.at === lastChangeTs) ? 'doubtful' : 'in';
}

/** Whether the change came to an account of the same key that was purged before this one was created. */
export function isOfFormerLife(side: { readonly at: Timestamp }, creationDate: string): boolean {
  return side.at < (startOfDate(creationDate) ?? side.at);
}
