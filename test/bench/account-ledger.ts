/** One account as its messages describe it: the numbered entries of its ledger, and its latest AccountUpdate. */

import type { Received } from './wire.ts';

type Entry = Pick<Received, 'transfer_number' | 'previous_transfer_number' | 'acquired_amount' | 'principal'>;

export class AccountLedger {
  /** The principal once all started payments are done. */
  expectedPrincipal = 0;
  readonly #isRoot: boolean;
  #lastNumber = 0;
  #principal = 0;
  /** Entries that overtook one with a lower number, by their numbers. */
  readonly #waiting = new Map<number, Entry>();
  #announced: Received | undefined;

  constructor(isRoot: boolean) {
    this.#isRoot = isRoot;
  }

  expect(amount: number): void {
    this.expectedPrincipal += amount;
  }

  knows(number: number): boolean {
    return number <= this.#lastNumber || this.#waiting.has(number);
  }

  /** @returns 'out of order' when the entry waits for earlier ones, or a fault of it or of an entry that waited for it */
  add(entry: Entry): string | undefined {
    const { transfer_number: number } = entry;
    if (!(number >= 1) || entry.previous_transfer_number !== number - 1) {
      return 'wrongly numbered';
    }
    if (this.knows(number)) {
      return 'a number given twice';
    }
    if (number > this.#lastNumber + 1) {
      this.#waiting.set(number, entry);
      return 'out of order';
    }
    for (let next: Entry | undefined = entry; next !== undefined; ) {
      if (next.principal !== this.#principal + next.acquired_amount) {
        return `number ${next.transfer_number} does not add up: ${this.#principal} before`;
      }
      this.#principal = next.principal;
      this.#lastNumber = next.transfer_number;
      this.#waiting.delete(next.transfer_number);
      next = this.#waiting.get(this.#lastNumber + 1);
    }
    return undefined;
  }

  get isConfigured(): boolean {
    return this.#announced !== undefined;
  }

  /** @returns whether the AccountUpdate is later than all earlier ones */
  announce(update: Received): boolean {
    const known = this.#announced;
    if (known !== undefined) {
      const step = (update.last_change_seqnum - known.last_change_seqnum) | 0;
      if (step < 0 || (step === 0 && update.ts <= known.ts)) {
        return false;
      }
    }
    this.#announced = update;
    return true;
  }

  /** Whether the latest AccountUpdate has the final principal and counts all payments. */
  isAnnounced(): boolean {
    const { principal, last_transfer_number } = this.#announced ?? {};
    return principal === this.expectedPrincipal && last_transfer_number === this.#lastNumber;
  }

  /** The faults, once no more messages will come. */
  endFault(): string | undefined {
    if (this.#waiting.size > 0) {
      return `number ${this.#lastNumber + 1} is missing, though ${this.#waiting.size} later ones came`;
    }
    if (!this.#isRoot && this.#principal !== this.expectedPrincipal) {
      return `its ledger ends with ${this.#principal} instead of ${this.expectedPrincipal}`;
    }
    const announced = this.#announced;
    if (announced === undefined) {
      return 'no AccountUpdate came';
    }
    if (announced.principal !== this.expectedPrincipal) {
      return `its AccountUpdate tells ${announced.principal} instead of ${this.expectedPrincipal}`;
    }
    return announced.last_transfer_number === this.#lastNumber
      ? undefined
      : `its AccountUpdate tells of ${announced.last_transfer_number} transfers instead of ${this.#lastNumber}`;
  }
}
