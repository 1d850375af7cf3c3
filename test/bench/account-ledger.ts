/** One account as the client library's records tell of it: the entries of its ledger, and its latest AccountUpdate. */

import type { AccountTransfer, AccountUpdate } from '../../lib/client/messages.ts';
import {
  type AccountData,
  appendTransfer,
  EMPTY_LEDGER,
  type LedgerHead,
  placeOf,
  receiveAccountMessage,
  unknownAccount,
} from '../../lib/client/records.ts';
import { now } from './wire.ts';

export class AccountLedger {
  /** The principal once all started payments are done. */
  expectedPrincipal = 0;
  readonly #isRoot: boolean;
  #head: LedgerHead = EMPTY_LEDGER;
  /** Entries that overtook one with a lower number, by their numbers. */
  readonly #waiting = new Map<bigint, AccountTransfer>();
  #data: AccountData | undefined;

  constructor(isRoot: boolean) {
    this.#isRoot = isRoot;
  }

  expect(amount: number): void {
    this.expectedPrincipal += amount;
  }

  knows(number: bigint): boolean {
    return number <= this.#head.lastTransferNumber || this.#waiting.has(number);
  }

  /** @returns 'out of order' when the entry waits for earlier ones, or a fault of it or of an entry that waited for it */
  add(entry: AccountTransfer): string | undefined {
    const { transferNumber: number } = entry;
    if (number < 1n || entry.previousTransferNumber !== number - 1n) {
      return 'wrongly numbered';
    }
    if (this.knows(number)) {
      return 'a number given twice';
    }
    if (placeOf(this.#head, entry) === 'early') {
      this.#waiting.set(number, entry);
      return 'out of order';
    }
    for (let next: AccountTransfer | undefined = entry; next !== undefined; ) {
      const { head, entries } = appendTransfer(this.#head, next);
      // The library bridges what an authority does not tell; here every payment is told.
      if (entries.length !== 1) {
        return `number ${next.transferNumber} does not add up: ${this.#head.principal} before`;
      }
      this.#head = head;
      this.#waiting.delete(next.transferNumber);
      next = this.#waiting.get(head.lastTransferNumber + 1n);
    }
    return undefined;
  }

  get isConfigured(): boolean {
    return this.#data !== undefined;
  }

  /** @returns whether the AccountUpdate is later than all earlier ones */
  announce(update: AccountUpdate): boolean {
    const known = this.#data ?? unknownAccount(update);
    this.#data = receiveAccountMessage(known, update, now());
    return this.#data !== known;
  }

  /** Whether the latest AccountUpdate has the final principal and counts all payments. */
  isAnnounced(): boolean {
    const { principal, lastTransferNumber } = this.#data?.latest ?? {};
    return (
      principal === BigInt(this.expectedPrincipal) && lastTransferNumber === this.#head.lastTransferNumber
    );
  }

  /** The faults, once no more messages will come. */
  endFault(): string | undefined {
    const { lastTransferNumber, principal } = this.#head;
    const expected = BigInt(this.expectedPrincipal);
    if (this.#waiting.size > 0) {
      return `number ${lastTransferNumber + 1n} is missing, though ${this.#waiting.size} later ones came`;
    }
    if (!this.#isRoot && principal !== expected) {
      return `its ledger ends with ${principal} instead of ${expected}`;
    }
    const announced = this.#data?.latest;
    if (announced === undefined) {
      return 'no AccountUpdate came';
    }
    if (announced.principal !== expected) {
      return `its AccountUpdate tells ${announced.principal} instead of ${expected}`;
    }
    return announced.lastTransferNumber === lastTransferNumber
      ? undefined
      : `its AccountUpdate tells of ${announced.lastTransferNumber} transfers instead of ${lastTransferNumber}`;
  }
}
