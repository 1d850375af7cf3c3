/** Which messages have come about each payment, and what they said: no transfer is prepared or finalized twice. */

import type { FinalizedTransfer, PreparedTransfer } from '../../lib/client/messages.ts';
import { creditorIdOf, type Payment, ROOT } from './wire.ts';

export const PREPARED = 1;
const FINALIZED = 2;
export const DEBITED = 4;
export const CREDITED = 8;

export class PaymentMarks {
  readonly #done: Uint8Array;
  readonly #transferIds: BigUint64Array;
  /** In microseconds since 1970. */
  readonly #finalizedAt: BigInt64Array;

  constructor(paymentCount: number) {
    this.#done = new Uint8Array(paymentCount);
    this.#transferIds = new BigUint64Array(paymentCount);
    this.#finalizedAt = new BigInt64Array(paymentCount);
  }

  /** Root accounts get no AccountTransfers. */
  isDone({ number, sender, recipient }: Payment): boolean {
    const due = PREPARED | FINALIZED | (sender === ROOT ? 0 : DEBITED) | (recipient === ROOT ? 0 : CREDITED);
    return this.#done[number] === due;
  }

  has(number: number, step: number): boolean {
    return ((this.#done[number] ?? 0) & step) !== 0;
  }

  add(number: number, step: number): void {
    this.#done[number] = (this.#done[number] ?? 0) | step;
  }

  /** @returns `new`, or what is wrong with the PreparedTransfer; undefined when it is a repetition */
  prepare({ number, sender, recipient, amount }: Payment, message: PreparedTransfer): string | undefined {
    const isRight =
      message.creditorId === BigInt(creditorIdOf(sender)) &&
      message.recipient === `${creditorIdOf(recipient)}` &&
      message.lockedAmount === BigInt(amount);
    if (!isRight) {
      return 'not what was asked for';
    }
    const { transferId } = message;
    if (this.has(number, PREPARED)) {
      return this.#transferIds[number] === transferId ? undefined : 'prepared twice';
    }
    this.#transferIds[number] = transferId;
    this.add(number, PREPARED);
    return 'new';
  }

  /** @returns `new`, or what is wrong with the FinalizedTransfer; undefined when it is a repetition */
  finalize({ number, amount }: Payment, message: FinalizedTransfer): string | undefined {
    const isRight =
      message.statusCode === 'OK' &&
      message.committedAmount === BigInt(amount) &&
      message.transferId === this.#transferIds[number];
    if (!isRight) {
      return 'not what was committed';
    }
    const { ts: finalizedAt } = message;
    if (this.has(number, FINALIZED)) {
      return this.#finalizedAt[number] === finalizedAt ? undefined : 'finalized twice';
    }
    this.#finalizedAt[number] = finalizedAt;
    this.add(number, FINALIZED);
    return 'new';
  }
}
