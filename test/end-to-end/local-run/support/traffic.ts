/** Payments among the accounts of one currency, as many at once as are answered: the load under which things are killed. */

import { accountId, finalizeTransfer, prepareTransfer } from '../../support/requests.ts';
import type { WireMessage } from '../../support/wire-json.ts';

/** Numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/** One request with all that came of it, each distinct message once. */
export interface Payment {
  readonly prepare: WireMessage;
  /** 0 to dismiss it. */
  readonly amountToCommit: bigint;
  /** Texts of PreparedTransfers and RejectedTransfers. */
  readonly outcomes: Set<string>;
  /** Texts of FinalizedTransfers. */
  readonly endings: Set<string>;
}

export interface Traffic {
  readonly payments: ReadonlyMap<bigint, Payment>;
  /** Takes note of an answer to one of the payments, and goes on with it. */
  readonly onMessage: (message: WireMessage, body: string) => void;
  /** Begins no new payment. Resolves when all are at their end. */
  readonly finish: () => Promise<void>;
}

export interface TrafficOptions {
  readonly debtorId: bigint;
  readonly creditorIds: readonly bigint[];
  readonly random: Random;
  readonly send: (messages: readonly WireMessage[]) => Promise<void>;
}

/** So many payments are under way at any time. */
const OPEN_PAYMENTS = 100;

export function startTraffic(options: TrafficOptions): Traffic {
  const payments = new Map<bigint, Payment>();
  const open = new Set<bigint>();
  const finished = Promise.withResolvers<void>();
  let isFinishing = false;
  const begin = () => {
    const begun: WireMessage[] = [];
    while (open.size < OPEN_PAYMENTS && !isFinishing) {
      const payment = createPayment(options);
      const id = payment.prepare.coordinator_request_id as bigint;
      payments.set(id, payment);
      open.add(id);
      begun.push(payment.prepare);
    }
    if (begun.length > 0) {
      void options.send(begun);
    }
  };
  const end = (id: bigint) => {
    open.delete(id);
    if (isFinishing && open.size === 0) {
      finished.resolve();
    }
    begin();
  };
  begin();
  return {
    payments,
    onMessage: (message, body) => {
      const id = message.coordinator_request_id as bigint;
      const payment = payments.get(id);
      if (payment === undefined) {
        return;
      }
      if (message.type === 'FinalizedTransfer') {
        payment.endings.add(body);
      } else {
        payment.outcomes.add(body);
      }
      if (message.type !== 'PreparedTransfer') {
        return end(id);
      }
      // Repeated, if the message is: whatever was sent last may have been lost with the local run.
      void options.send([finalizeTransfer(message, { committed_amount: payment.amountToCommit })]);
    },
    finish: () => {
      isFinishing = true;
      if (open.size === 0) {
        finished.resolve();
      }
      return finished.promise;
    },
  };
}

function createPayment({ debtorId, creditorIds, random }: TrafficOptions): Payment {
  const everybody = [0n, ...creditorIds];
  // Without much of issuing, there would be little to pay with.
  const from = random() < 0.3 ? 0n : (everybody[Math.floor(random() * everybody.length)] ?? 0n);
  const others = everybody.filter((id) => id !== from);
  const to = others[Math.floor(random() * others.length)] ?? 0n;
  const amount = BigInt(Math.floor(random() * (from === 0n ? 100_000 : 1000)) + 1);
  const prepare = prepareTransfer({
    debtor_id: debtorId,
    creditor_id: from,
    recipient: accountId(to),
    min_locked_amount: amount,
    max_locked_amount: amount,
  });
  return {
    prepare,
    amountToCommit: random() < 0.2 ? 0n : amount,
    outcomes: new Set(),
    endings: new Set(),
  };
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
