/**
 * Follows the numbers and principals of an account's kept transfers, from the account's present state back to the oldest
 * transfer. Each principal must be the one that the next transfer started from.
 */

import { addSeconds, printTimestamp, type Timestamp } from '../../../protocol/timestamps.ts';
import { expiryOf } from '../../../rules/transfer.ts';
import { type Fault, LEAST_RETENTION } from './checks.ts';
import {
  inclusionOf,
  isOfFormerLife,
  type Ledger,
  type LedgerAccount,
  type NumberedSide,
  type UnnumberedSide,
} from './ledger-sides.ts';
import { startOfDate } from './range-checks.ts';

/** The clocks of two functions differ by less. */
const CLOCK_SKEW_SECONDS = 5;
/** An item in its last hour may be gone already. */
const RETENTION_MARGIN_SECONDS = 3_600;

/** The entries of an account's present life, from the latest to the first one. */
export class LedgerChain {
  readonly #ledger: Ledger;
  readonly #account: LedgerAccount;
  readonly #report: (fault: Fault) => void;
  /** Negligible amounts that certainly, and that possibly, came after the current entry. */
  readonly #certain: AmountsAfter;
  readonly #possible: AmountsAfter;
  #expectedNumber: bigint;
  /** The amounts of the entries so far. */
  #acquired = 0n;
  /** Whether no entry was missing so far. Principals can't be compared across a gap, nor where they were held at an end of int64. */
  #isUnbroken: boolean;
  /** By how much the principals are off; only a change of it is a new finding. */
  #offset = 0n;

  constructor(ledger: Ledger, report: (fault: Fault) => void) {
    const { account, sides } = ledger;
    this.#ledger = ledger;
    this.#account = account;
    this.#report = report;
    const amountsAfter = (isIncluded: (side: UnnumberedSide) => boolean): AmountsAfter =>
      new AmountsAfter(account, sides.unnumbered(), isIncluded);
    this.#certain = amountsAfter((side) => inclusionOf(side, ledger) === 'in');
    this.#possible = amountsAfter((side) => inclusionOf(side, ledger) !== 'out');
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
      this.#comparePrincipal(side, `number ${side.transferNumber} (${side.transfer}) says`);
    }
    this.#acquired += side.acquiredAmount;
    this.#expectedNumber = side.transferNumber - 1n;
  }

  goBackToCreation(): void {
    const created = startOfDate(this.#account.creationDate) ?? this.#ledger.clock.at;
    const isKept = this.#isKept(created);
    if (this.#expectedNumber > 0n) {
      this.#reportGap(1n, isKept);
    }
    if (isKept) {
      this.#comparePrincipal({ principal: 0n, at: created }, 'it began with');
    }
    this.#certain.close();
    this.#possible.close();
  }

  /** Entries from `lowest` to the expected one are missing; `isKept` if all of them should be there. */
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

  /** Compares the principal that the account is said to have had at an instant with what follows from the present one. */
  #comparePrincipal({ principal: told, at }: Pick<NumberedSide, 'principal' | 'at'>, teller: string): void {
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
   * Whether the latest negligible amounts, up to any one of them, add up to `amount`. Their order is certain even when a clock
   * was very wrong; where they lie among the numbered entries is not.
   */
  #isSumOfLatest(amount: bigint): boolean {
    let at: Timestamp | undefined;
    let [sum, sumBefore, countAtOnce] = [0n, 0n, 0];
    for (const side of this.#ledger.sides.unnumbered()) {
      const isCounted =
        inclusionOf(side, this.#ledger) !== 'out' && !isOfFormerLife(side, this.#account.creationDate);
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
    return addSeconds(expiryOf(at, LEAST_RETENTION), -RETENTION_MARGIN_SECONDS) > this.#ledger.clock.at;
  }
}

/** A running sum over sides, the latest first. */
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

  /** The amounts acquired later than `instant`, which must not be later than in the call before. */
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
