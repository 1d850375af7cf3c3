/**
 * One payment as each of the two accounts sees it: what it did to the principal, when, and under which number. What must be
 * true of an account's sides together is in `audit-ledger.ts`.
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
  /** When it changed the principal, by the clock of whoever did. */
  readonly at: Timestamp;
  readonly committedAt: Timestamp;
  /** What the transfer is called in a finding. */
  readonly transfer: string;
}

/** A change of the principal without an entry: a negligible one, or one of a root account. */
export interface UnnumberedSide {
  readonly acquiredAmount: bigint;
  readonly at: Timestamp;
  /** `at` was not held to the account's own instants, which never go back: true of what a root account commits. */
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
  /** The latest first; can be gone through more than once. */
  readonly unnumbered: () => Iterable<UnnumberedSide>;
}

export interface LedgerClock {
  /** What was finished 30 days before this may be forgotten. */
  readonly at: Timestamp;
  /** When the reading of the accounts began; `undefined` where nothing changes while they are read. */
  readonly readSince: Timestamp | undefined;
}

/** The clock of whoever runs the audit differs by less from those of the functions. */
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
  const side = (owner: AccountKey, acquiredAmount: bigint, at: Timestamp, entry: LedgerEntry | undefined) =>
    entry === undefined || isRootAccount(owner)
      ? ({
          kind: 'unnumbered',
          owner,
          acquiredAmount,
          at,
          isByWritersClock: owner === sender && isRootAccount(sender),
        } as const)
      : ({ kind: 'numbered', owner, acquiredAmount, at, committedAt, transfer: name, ...entry } as const);
  const recipient = { debtorId: sender.debtorId, creditorId: recipientId };
  return [
    side(sender, -amount, committedAt, senderEntry),
    ...(credit === undefined ? [] : [side(recipient, amount, credit.creditedAt, credit.recipientEntry)]),
  ];
}

/** Whether the account's principal, as it was read, includes the change. */
export function inclusionOf(
  side: UnnumberedSide,
  { lastChangeTs }: LedgerAccount,
  { readSince }: LedgerClock,
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
