/**
 * The numbers and principals of an account's kept transfers, followed from the account's present state back to the oldest
 * that is kept. Each principal must be the one that the later transfers started from.
 */

import { addSeconds, printTimestamp, type Timestamp } from '../../../protocol/timestamps.ts';
import { expiryOf } from '../../../rules/transfer.ts';
import { type Fault, LEAST_RETENTION } from './checks.ts';
import {
  inclusionOf,
  isOfFormerLife,
  type LedgerAccount,
  type LedgerClock,
  type NumberedSide,
  type UnnumberedSide,
} from './ledger-sides.ts';
import { startOfDate } from './range-checks.ts';

/** The clocks of two functions differ by less. */
const CLOCK_SKEW_SECONDS = 5;
/** Nobody relies on an item in the last hour before it may be gone. */
const RETENTION_MARGIN_SECONDS = 3_600;

/** The entries of an account's present life, from the latest to the first one. */
export class LedgerChain {
  readonly #account: LedgerAccount;
  readonly #clock: LedgerClock;
  readonly #report: (fault: Fault) => void;
  readonly #unnumbered: () => Iterable<UnnumberedSide>;
  /** Negligible amounts that certainly, and that possibly, came after the entry at hand. */
  readonly #certain: AmountsAfter;
  readonly #possible: AmountsAfter;
  #expectedNumber: bigint;
  /** What the entries that were passed acquired. */
  #acquired = 0n;
  /** Whether no entry was missing so far; principals can't be compared across a gap, nor where they were held at an end of int64. */
  #isUnbroken: boolean;
  /** By how much the principals are off; a new finding is only what changes it. */
  #offset = 0n;

  constructor(
    account: LedgerAccount,
    unnumbered: () => Iterable<UnnumberedSide>,
    clock: LedgerClock,
    report: (fault: Fault) => void,
  ) {
    this.#account = account;
    this.#clock = clock;
    this.#report = report;
    this.#unnumbered = unnumbered;
    this.#certain = new AmountsAfter(
      account,
      unnumbered(),
      (side) => inclusionOf(side, account, clock) === 'in',
    );
    this.#possible = new AmountsAfter(
      account,
      unnumbered(),
      (side) => inclusionOf(side, account, clock) !== 'out',
    );
    this.#expectedNumber = account.lastTransferNumber;
    this.#isUnbroken = account.clippedAmount === 0n;
  }

  goBackTo(side: NumberedSide): void {
    const isKept = this.#isKept(side.at);
    if (side.transferNumber < this.#expectedNumber) {
      this.#reportGap(side.transferNumber + 1n, isKept);
    } else if (
      side.transferNumber === this.#account.lastTransferNumber &&
      side.committedAt !== this.#account.lastTransferCommittedAt
    ) {
      this.#report({
        check: 'transfer-numbers',
        sentence:
          `the last transfer, ${side.transfer}, was committed at ${printTimestamp(side.committedAt)}, ` +
          `the account says ${printTimestamp(this.#account.lastTransferCommittedAt)}`,
      });
    }
    if (isKept) {
      this.#comparePrincipal(
        side.principal,
        side.at,
        `number ${side.transferNumber} (${side.transfer}) says`,
      );
    }
    this.#acquired += side.acquiredAmount;
    this.#expectedNumber = side.transferNumber - 1n;
  }

  goBackToCreation(): void {
    const created = startOfDate(this.#account.creationDate) ?? this.#clock.at;
    const isKept = this.#isKept(created);
    if (this.#expectedNumber > 0n) {
      this.#reportGap(1n, isKept);
    }
    if (isKept) {
      this.#comparePrincipal(0n, created, 'it began with');
    }
    this.#certain.close();
    this.#possible.close();
  }

  /** Entries from `lowest` to the expected one are not there; `isKept` if all of them should be. */
  #reportGap(lowest: bigint, isKept: boolean): void {
    const highest = this.#expectedNumber;
    const { lastTransferNumber, lastTransferCommittedAt } = this.#account;
    const isLastKept = highest === lastTransferNumber && this.#isKept(lastTransferCommittedAt);
    this.#isUnbroken = false;
    if (isKept || isLastKept) {
      const first = isKept ? lowest : highest;
      this.#report({
        check: 'transfer-numbers',
        sentence:
          first === highest ? `number ${first} is missing` : `numbers ${first} to ${highest} are missing`,
      });
    }
  }

  /** The principal that the account had at `at`, as told and as it follows from the present one. */
  #comparePrincipal(told: bigint, at: Timestamp, teller: string): void {
    if (!this.#isUnbroken) {
      return;
    }
    const least = this.#certain.after(addSeconds(at, CLOCK_SKEW_SECONDS));
    const most = this.#possible.after(at - 1n);
    const without = this.#account.principal - this.#acquired;
    const [low, high] = [without - most, without - least];
    const offset = told < low ? told - low : told > high ? told - high : 0n;
    if (offset !== 0n && offset !== this.#offset) {
      if (this.#isSumOfLatest(without - told)) {
        return;
      }
      const expected = low === high ? `${low}` : `${low} … ${high}`;
      this.#report({
        check: 'principals',
        sentence: `${teller} principal ${told}; by the later transfers and the present principal it was ${expected}`,
      });
    }
    this.#offset = offset;
  }

  /**
   * Whether the latest negligible amounts, up to any one of them, add up to `amount`. Their order is certain even where a
   * clock went wrong for longer than clocks usually do, which tells nothing about the moments of the other transfers.
   */
  #isSumOfLatest(amount: bigint): boolean {
    let at: Timestamp | undefined;
    let [sum, sumBefore, countAtOnce] = [0n, 0n, 0];
    for (const side of this.#unnumbered()) {
      const isCounted =
        inclusionOf(side, this.#account, this.#clock) !== 'out' &&
        !isOfFormerLife(side, this.#account.creationDate);
      if (isCounted && side.at !== at) {
        if (amount <= sum) {
          break;
        }
        [at, sumBefore, countAtOnce] = [side.at, sum, 0];
      }
      sum += isCounted ? side.acquiredAmount : 0n;
      countAtOnce += isCounted ? 1 : 0;
    }
    // Those of one instant may have come in any order.
    const isAmongEquals = countAtOnce > 1 && amount > sumBefore && amount < sum;
    return amount === sum || amount === sumBefore || isAmongEquals;
  }

  #isKept(at: Timestamp): boolean {
    return addSeconds(expiryOf(at, LEAST_RETENTION), -RETENTION_MARGIN_SECONDS) > this.#clock.at;
  }
}

/** A running sum over sides that come with the latest first. */
class AmountsAfter {
  readonly #sides: Iterator<UnnumberedSide>;
  readonly #isCounted: (side: UnnumberedSide) => boolean;
  #head: IteratorResult<UnnumberedSide>;
  #sum = 0n;

  constructor(
    { creationDate }: LedgerAccount,
    sides: Iterable<UnnumberedSide>,
    isIncluded: (side: UnnumberedSide) => boolean,
  ) {
    this.#sides = sides[Symbol.iterator]();
    this.#isCounted = (side) => isIncluded(side) && !isOfFormerLife(side, creationDate);
    this.#head = this.#sides.next();
  }

  /** What was acquired later than `instant`; each call's instant is taken for no later than the one before. */
  after(instant: Timestamp): bigint {
    while (!this.#head.done && this.#head.value.at > instant) {
      this.#sum += this.#isCounted(this.#head.value) ? this.#head.value.acquiredAmount : 0n;
      this.#head = this.#sides.next();
    }
    return this.#sum;
  }

  close(): void {
    this.#sides.return?.();
  }
}
