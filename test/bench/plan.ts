/** The payments of a case and their accounts. How payments are made and checked is elsewhere. */

import { type Payment, ROOT } from './wire.ts';

/** The payments of one currency, numbered from 0: first those that fund the senders, then those among the accounts. */
export interface Plan {
  /** How many accounts there are besides the root account. */
  readonly accountCount: number;
  readonly fundingCount: number;
  /** Of all payments, with those that fund. */
  readonly count: number;
  readonly payment: (number: number) => Payment;
}

/** Who takes part in the payments of a case. */
export interface Parties {
  /** Besides the root account. */
  readonly accountCount: number;
  readonly pairing: Pairing;
}

/** Sender and recipient of the payment with this index, from 0; `ROOT` issues. */
export type Pairing = (index: number) => { readonly sender: number; readonly recipient: number };

/** Every payment among accounts is of one token. */
const AMOUNT = 1;

/** Plans one issuing payment for each sender, of the amount that the sender will pay. */
export function planPayments({ accountCount, pairing }: Parties, paymentCount: number): Plan {
  const spending = new Map<number, number>();
  for (let index = 0; index < paymentCount; index++) {
    const { sender } = pairing(index);
    if (sender !== ROOT) {
      spending.set(sender, (spending.get(sender) ?? 0) + AMOUNT);
    }
  }
  const funded = [...spending];
  const funding = (number: number): Payment => {
    const [recipient = 0, amount = 0] = funded[number] ?? [];
    return { number, sender: ROOT, recipient, amount };
  };
  return {
    accountCount,
    fundingCount: funded.length,
    count: funded.length + paymentCount,
    payment: (number) =>
      number < funded.length
        ? funding(number)
        : { number, ...pairing(number - funded.length), amount: AMOUNT },
  };
}
