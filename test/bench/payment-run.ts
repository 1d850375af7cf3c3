/** Makes the payments of a plan through an authority, as coordinators would, and measures how long each takes. */

import type { LedgerCheck, News } from './ledger-check.ts';
import type { Plan } from './plan.ts';
import { finalizeTransfer, prepareTransfer } from './wire.ts';

export interface PaymentRunOptions {
  readonly debtorId: number;
  readonly plan: Plan;
  /** The payment numbers: from the first, up to but not including the second. */
  readonly range: readonly [number, number];
  /** How many payments may be under way at once. */
  readonly window: number;
  readonly check: LedgerCheck;
  /** Sends messages now. Must not throw. */
  readonly send: (bodies: readonly string[]) => void;
  /** How long to wait for the next message before missing ones count as lost. */
  readonly patienceMs: number;
  readonly onProgress: (doneCount: number) => void;
}

export interface PaymentTimes {
  /** From the first message sent to the last one received. */
  readonly totalMs: number;
  /** From PrepareTransfer sent to FinalizedTransfer received, by payment. */
  readonly finalizedMs: Float64Array;
  /** From PrepareTransfer sent to the recipient's AccountTransfer received; for issuers' recipients too. */
  readonly creditedMs: Float64Array;
}

export interface PaymentRun {
  /** To be called with the news of each received message. */
  readonly onNews: (news: News) => void;
  /** @throws {LostMessageError} when nothing has come for too long */
  readonly whenDone: Promise<PaymentTimes>;
}

/** The payments stalled before all were done. */
export class LostMessageError extends Error {
  override readonly name = 'LostMessageError';
}

export function startPayments(options: PaymentRunOptions): PaymentRun {
  const { debtorId, plan, range, window, check, send, patienceMs, onProgress } = options;
  const [first, end] = range;
  const sentAt = new Float64Array(end - first);
  const finalizedMs = new Float64Array(end - first);
  const creditedMs = new Float64Array(end - first);
  const { promise, resolve, reject } = Promise.withResolvers<PaymentTimes>();
  const startedAt = performance.now();
  let [next, doneCount, lastNewsAt] = [first, 0, startedAt];
  let outbox: string[] = [];
  const flush = () => {
    const bodies = outbox;
    outbox = [];
    send(bodies);
  };
  /** Messages from one turn of the event loop are sent together. */
  const post = (body: string) => {
    if (outbox.push(body) === 1) {
      setImmediate(flush);
    }
  };
  const fill = () => {
    while (next < end && next - first - doneCount < window) {
      const payment = plan.payment(next);
      check.start(payment);
      sentAt[next - first] = performance.now();
      post(prepareTransfer(debtorId, payment));
      next += 1;
    }
  };
  const watch = setInterval(() => {
    onProgress(doneCount);
    if (performance.now() - lastNewsAt < patienceMs) {
      return;
    }
    clearInterval(watch);
    reject(new LostMessageError(`${end - first - doneCount} payments are not done, and nothing comes.`));
  }, 500);
  const finish = () => {
    clearInterval(watch);
    onProgress(doneCount);
    resolve({ totalMs: performance.now() - startedAt, finalizedMs, creditedMs });
  };
  fill();
  if (first === end) {
    finish();
  }
  return {
    whenDone: promise,
    onNews: (news) => {
      if (!('payment' in news)) {
        return;
      }
      const { payment } = news;
      const index = payment.number - first;
      if (index < 0) {
        return;
      }
      lastNewsAt = performance.now();
      if (news.kind === 'prepared') {
        post(finalizeTransfer(debtorId, payment, news.transferId));
      }
      if (news.kind === 'finalized') {
        finalizedMs[index] = lastNewsAt - (sentAt[index] ?? 0);
      }
      if (news.kind === 'credited') {
        creditedMs[index] = lastNewsAt - (sentAt[index] ?? 0);
      }
      if (!check.isDone(payment)) {
        return;
      }
      doneCount += 1;
      if (doneCount === end - first) {
        finish();
      } else {
        fill();
      }
    },
  };
}
