/** Which messages have come about each payment, and what they said: no transfer is prepared or finalized twice. */

import { creditorIdOf, type Payment, type Received, ROOT } from './wire.ts';

export const PREPARED = 1;
const FINALIZED = 2;
export const DEBITED = 4;
export const CREDITED = 8;

export class PaymentMarks {
  readonly #done: Uint8Array;
  readonly #transferIds: BigUint64Array;
  /** In milliseconds since 1970. */
  readonly #finalizedAt: Float64Array;

  constructor(paymentCount: number) {
    this.#done = new Uint8Array(paymentCount);
    this.#transferIds = new BigUint64Array(paymentCount);
    this.#finalizedAt = new Float64Array(paymentCount);
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
  prepare({ number, sender, recipient, amount }: Payment, message: Received): string | undefined {
    const isRight =
      message.creditor_id === creditorIdOf(sender) &&
      message.recipient === `${creditorIdOf(recipient)}` &&
      message.locked_amount === amount;
    if (!isRight) {
      return 'not what was asked for';
    }
    const transferId = BigInt(message.transfer_id);
    if (this.has(number, PREPARED)) {
      return this.#transferIds[number] === transferId ? undefined : 'prepared twice';
    }
    this.#transferIds[number] = transferId;
    this.add(number, PREPARED);
    return 'new';
  }

  /** @returns `new`, or what is wrong with the FinalizedTransfer; undefined when it is a repetition */
  finalize({ number, amount }: Payment, message: Received): string | undefined {
    const isRight =
      message.status_code === 'OK' &&
      message.committed_amount === amount &&
      BigInt(message.transfer_id) === this.#transferIds[number];
    if (!isRight) {
      return 'not what was committed';
    }
    if (this.has(number, FINALIZED)) {
      return this.#finalizedAt[number] === Date.parse(message.ts) ? undefined : 'finalized twice';
    }
    this.#finalizedAt[number] = Date.parse(message.ts);
    this.add(number, FINALIZED);
    return 'new';
  }
}
