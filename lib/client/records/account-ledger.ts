/**
 * An account's ledger, put together from AccountTransfer and AccountUpdate messages that may come twice, late and in any order
 * (SMP 2.1, AL record). The head is all that has to be remembered to go on; entries, and transfers that came too early, may be
 * kept anywhere.
 */

import type { AccountTransfer, AccountUpdate } from '../../protocol/messages.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';

/** The end of a ledger: the place where its next entry goes. */
export interface LedgerHead {
  /** Which life of the account the ledger is in; empty before the first message. */
  readonly creationDate: string;
  /** The number of the last AccountTransfer in this life that is in the ledger, or named as missing; 0 before the first. */
  readonly lastTransferNumber: bigint;
  /** The running balance, in whole units without interest; the `principal` of the account at this place. */
  readonly principal: bigint;
  /** How many entries there are, over all lives of the account. */
  readonly entryCount: bigint;
}

/** The head of a ledger without entries. */
export const EMPTY_LEDGER: LedgerHead = {
  creationDate: '',
  lastTransferNumber: 0n,
  principal: 0n,
  entryCount: 0n,
};

interface EntryBase {
  /** 1, 2, 3 … without gaps, over all lives of the account. */
  readonly entryNumber: bigint;
  readonly creationDate: string;
  /** The change of the principal, in whole units; negative when the account paid. */
  readonly acquiredAmount: bigint;
  /** The principal after the entry: that of the entry before it, plus `acquiredAmount`. */
  readonly principal: bigint;
  /** When the change happened, as far as it is known. */
  readonly committedAt: Timestamp;
}

/** One line of a ledger. */
export type LedgerEntry =
  /** A transfer that the authority told of. */
  | (EntryBase & { readonly kind: 'transfer'; readonly transfer: AccountTransfer })
  /** Changes that the authority does not tell one by one: negligible credits, and all payments of a root account. */
  | (EntryBase & { readonly kind: 'bridge' })
  /** Transfers that should have come and did not, by their numbers, both included. */
  | (EntryBase & { readonly kind: 'missing'; readonly firstMissing: bigint; readonly lastMissing: bigint });

/** How a ledger goes on: its new end, and the entries that lead there. */
export interface LedgerStep {
  /** The new end; the very same head where nothing changed. */
  readonly head: LedgerHead;
  /** The new entries, in order. */
  readonly entries: readonly LedgerEntry[];
}

/** What becomes of a transfer: it goes into the ledger, waits for those before it, or is there already. */
export type TransferPlace = 'next' | 'early' | 'known';

/** Where the transfer belongs. SMP 2.1, AL record, received AccountTransfer. */
export function placeOf(head: LedgerHead, transfer: AccountTransfer): TransferPlace {
  if (transfer.creationDate !== head.creationDate) {
    if (transfer.creationDate < head.creationDate) {
      return 'known';
    }
    return transfer.previousTransferNumber === 0n ? 'next' : 'early';
  }
  if (transfer.transferNumber <= head.lastTransferNumber) {
    return 'known';
  }
  return transfer.previousTransferNumber === head.lastTransferNumber ? 'next' : 'early';
}

/** Appends a transfer whose place is `next`, after an entry for what the authority did not tell since the last one. */
export function appendTransfer(head: LedgerHead, transfer: AccountTransfer): LedgerStep {
  const { acquiredAmount, committedAt } = transfer;
  const builder = new LedgerBuilder(head, transfer.creationDate, committedAt);
  builder.bridge(transfer.principal - acquiredAmount);
  builder.add({ kind: 'transfer', acquiredAmount, transfer });
  return builder.step(transfer.transferNumber);
}

/**
 * Brings the ledger to the principal of the latest AccountUpdate, when both know of the same transfers. What lies between is
 * negligible credits, or payments of a root account. Only the latest update may be given: an older one would undo a bridge.
 */
export function bridgeToUpdate(head: LedgerHead, update: AccountUpdate): LedgerStep {
  const isNewLife = update.creationDate > head.creationDate;
  const isBehind = update.creationDate < head.creationDate;
  const lastTransferNumber = isNewLife ? 0n : head.lastTransferNumber;
  if (isBehind || update.lastTransferNumber !== lastTransferNumber) {
    return { head, entries: [] };
  }
  const builder = new LedgerBuilder(head, update.creationDate, update.lastChangeTs);
  builder.bridge(update.principal);
  return builder.step(lastTransferNumber);
}

/** What a ledger lacks before it can go on: it ends before the first transfer that waits, or before the latest AccountUpdate. */
export interface LedgerGap {
  /** Of the transfers that came too early, the one with the lowest number. */
  readonly earliest: AccountTransfer | undefined;
  /** The latest AccountUpdate. */
  readonly update: AccountUpdate | undefined;
}

/** Whether something is missing. */
export function hasGap(head: LedgerHead, gap: LedgerGap): boolean {
  return gapEnd(head, gap) !== undefined;
}

/**
 * Closes the gap by an entry that names the missing numbers. Call it when they had all the time in which messages come, counted
 * from when the gap was noticed: what comes later has no place any more. SMP 2.1, AL record: the ledger is "patched", so that it
 * stays consistent and can go on.
 */
export function patchLedger(head: LedgerHead, gap: LedgerGap): LedgerStep {
  const target = gapEnd(head, gap);
  if (target === undefined) {
    return { head, entries: [] };
  }
  const builder = new LedgerBuilder(head, target.creationDate, target.committedAt);
  const firstMissing = builder.lastTransferNumber + 1n;
  builder.add({
    kind: 'missing',
    acquiredAmount: target.principal - builder.principal,
    firstMissing,
    lastMissing: target.lastMissing,
  });
  return builder.step(target.lastMissing);
}

interface GapEnd {
  readonly creationDate: string;
  readonly lastMissing: bigint;
  readonly principal: bigint;
  readonly committedAt: Timestamp;
}

function gapEnd(head: LedgerHead, gap: LedgerGap): GapEnd | undefined {
  const { earliest } = gap;
  if (earliest !== undefined) {
    return {
      creationDate: earliest.creationDate,
      lastMissing: earliest.previousTransferNumber,
      principal: earliest.principal - earliest.acquiredAmount,
      committedAt: earliest.committedAt,
    };
  }
  const update = updateBeyond(head, gap);
  return (
    update && {
      creationDate: update.creationDate,
      lastMissing: update.lastTransferNumber,
      principal: update.principal,
      committedAt: update.lastTransferCommittedAt,
    }
  );
}

/** The update, where it knows of transfers that the ledger lacks. */
function updateBeyond(head: LedgerHead, { update }: LedgerGap): AccountUpdate | undefined {
  if (update === undefined || update.creationDate < head.creationDate) {
    return undefined;
  }
  const last = update.creationDate === head.creationDate ? head.lastTransferNumber : 0n;
  return update.lastTransferNumber > last ? update : undefined;
}

type EntryDetail = LedgerEntry extends infer E
  ? E extends LedgerEntry
    ? Omit<E, Exclude<keyof EntryBase, 'acquiredAmount'>>
    : never
  : never;

/** Adds entries one after the other, with running numbers and a running balance. */
class LedgerBuilder {
  principal: bigint;
  readonly lastTransferNumber: bigint;
  readonly #creationDate: string;
  readonly #committedAt: Timestamp;
  readonly #entries: LedgerEntry[] = [];
  #entryCount: bigint;

  /** Where a new life begins, what the former one left is brought to zero. */
  constructor(head: LedgerHead, creationDate: string, committedAt: Timestamp) {
    const isNewLife = creationDate !== head.creationDate;
    this.principal = head.principal;
    this.#entryCount = head.entryCount;
    this.#creationDate = creationDate;
    this.#committedAt = committedAt;
    this.lastTransferNumber = isNewLife ? 0n : head.lastTransferNumber;
    if (isNewLife) {
      this.bridge(0n);
    }
  }

  bridge(principal: bigint): void {
    if (principal !== this.principal) {
      this.add({ kind: 'bridge', acquiredAmount: principal - this.principal });
    }
  }

  add(detail: EntryDetail): void {
    this.principal += detail.acquiredAmount;
    this.#entryCount += 1n;
    this.#entries.push({
      ...detail,
      entryNumber: this.#entryCount,
      creationDate: this.#creationDate,
      principal: this.principal,
      committedAt: this.#committedAt,
    });
  }

  step(lastTransferNumber: bigint): LedgerStep {
    return {
      head: {
        creationDate: this.#creationDate,
        lastTransferNumber,
        principal: this.principal,
        entryCount: this.#entryCount,
      },
      entries: this.#entries,
    };
  }
}
