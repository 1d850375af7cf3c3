/** Payments among the accounts of one currency, as many at once as are answered: the load under which things are killed. */

import { type Client, type Payment, TransferRejectedError } from '../../../../lib/client/client.ts';
import type { CurrencyClients } from './currency-clients.ts';

/** Numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/** A payment that its client was told is committed. */
export interface Paid {
  /** In the note of its AccountTransfers. */
  readonly name: string;
  readonly from: bigint;
  readonly to: bigint;
  readonly amount: bigint;
}

export interface Traffic {
  /** Begins no new payment. Resolves with all that were committed when each is at its end. */
  readonly finish: () => Promise<readonly Paid[]>;
}

export interface TrafficOptions {
  readonly clients: Pick<CurrencyClients, 'bank' | 'creditors'>;
  readonly debtorId: bigint;
  readonly creditorIds: readonly bigint[];
  readonly random: Random;
}

/** So many payments are under way at any time. */
const OPEN_PAYMENTS = 100;
const SHARE_OF_DISMISSED = 0.2;

export function startTraffic(options: TrafficOptions): Traffic {
  const paid: Paid[] = [];
  let count = 0;
  let isFinishing = false;
  const payOn = async (): Promise<void> => {
    while (!isFinishing) {
      const payment = choosePayment(options, `payment ${count++}`);
      if (await isCommitted(options, payment)) {
        paid.push(payment);
      }
    }
  };
  const working = Promise.all(Array.from({ length: OPEN_PAYMENTS }, payOn));
  // Who waits for the end hears of it; until then nobody does.
  working.catch(() => {});
  return {
    finish: async () => {
      isFinishing = true;
      await working;
      return paid;
    },
  };
}

/** Pays, or locks the amount and releases it. @returns whether it was paid */
async function isCommitted(
  { clients, debtorId, random }: TrafficOptions,
  { name, from, to, amount }: Paid,
): Promise<boolean> {
  const client: Client = from === 0n ? clients.bank : clients.creditors;
  const payment: Payment = { from: { debtorId, creditorId: from }, to, amount, note: name };
  try {
    if (random() < SHARE_OF_DISMISSED) {
      const hold = await client.hold(payment);
      await hold.dismiss();
      return false;
    }
    const { outcome } = await client.pay(payment);
    return outcome.committedAmount === amount;
  } catch (error) {
    if (error instanceof TransferRejectedError) {
      return false;
    }
    throw error;
  }
}

function choosePayment({ creditorIds, random }: TrafficOptions, name: string): Paid {
  const everybody = [0n, ...creditorIds];
  // Without much of issuing, there would be little to pay with.
  const from = random() < 0.3 ? 0n : (everybody[Math.floor(random() * everybody.length)] ?? 0n);
  const others = everybody.filter((id) => id !== from);
  const to = others[Math.floor(random() * others.length)] ?? 0n;
  const amount = BigInt(Math.floor(random() * (from === 0n ? 100_000 : 1000)) + 1);
  return { name, from, to, amount };
}

/** Mulberry32: the same numbers for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
