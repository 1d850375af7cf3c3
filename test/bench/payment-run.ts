/** Makes payments of a plan through an authority, as coordinators would. */

import type { LedgerCheck, News } from './ledger-check.ts';
import { type Load, nextDueAt } from './load.ts';
import { PaymentTimes } from './payment-times.ts';
import type { Plan } from './plan.ts';
import { finalizeTransfer, type Payment, prepareTransfer } from './wire.ts';

export interface PaymentRunOptions {
  readonly debtorId: number;
  readonly plan: Plan;
  /** The payment numbers: from the first, up to but not including the second. */
  readonly range: readonly [number, number];
  readonly load: Load;
  readonly check: LedgerCheck;
  /** Sends messages now. Must not throw. */
  readonly send: (bodies: readonly string[]) => void;
  /** How long to wait for the next message before missing ones count as lost. */
  readonly patienceMs: number;
  readonly onProgress: (doneCount: number) => void;
}

export interface FinishedPayments {
  /** From the first message sent to the last one received. */
  readonly totalMs: number;
  readonly times: PaymentTimes;
}

export interface PaymentRun {
  /** To be called with the news of each received message. */
  readonly onNews: (news: News) => void;
  /** @throws {LostMessageError} when nothing has come for too long */
  readonly whenDone: Promise<FinishedPayments>;
}

/** The payments stalled before all were done. */
export class LostMessageError extends Error {
  override readonly name = 'LostMessageError';
}

const WATCH_MS = 500;

export function startPayments(options: PaymentRunOptions): PaymentRun {
  const running = new RunningPayments(options);
  running.start();
  return { onNews: (news) => running.hear(news), whenDone: running.finished.promise };
}

class RunningPayments {
  readonly finished = Promise.withResolvers<FinishedPayments>();
  readonly #options: PaymentRunOptions;
  readonly #count: number;
  readonly #times: PaymentTimes;
  readonly #startedAt = performance.now();
  #startedCount = 0;
  #doneCount = 0;
  #lastNewsAt = this.#startedAt;
  #outbox: string[] = [];
  #watch: ReturnType<typeof setInterval> | undefined;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PaymentRunOptions) {
    this.#options = options;
    this.#count = options.range[1] - options.range[0];
    this.#times = new PaymentTimes(this.#count);
  }

  start(): void {
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
    if (this.#count === 0) {
      this.#finish();
      return;
    }
    this.#startDue();
  }

  hear(news: News): void {
    if (!('payment' in news)) {
      return;
    }
    const { payment } = news;
    const index = payment.number - this.#options.range[0];
    if (index < 0) {
      return;
    }
    const now = performance.now();
    this.#lastNewsAt = now;
    this.#times.reached(index, news.kind, now);
    if (news.kind === 'prepared') {
      this.#times.committed(index, now);
      this.#post(finalizeTransfer(this.#options.debtorId, payment, news.transferId));
    }
    if (this.#options.check.isDone(payment)) {
      this.#times.reached(index, 'whole', now);
      this.#doneCount += 1;
      this.#goOn();
    }
  }

  #goOn(): void {
    if (this.#doneCount === this.#count) {
      this.#finish();
    } else {
      this.#startDue();
    }
  }

  #startDue(): void {
    while (this.#startedCount < this.#count) {
      const now = performance.now();
      const dueAt = nextDueAt(this.#options.load, {
        startedCount: this.#startedCount,
        doneCount: this.#doneCount,
        startedAt: this.#startedAt,
        now,
      });
      if (dueAt === undefined) {
        return;
      }
      if (dueAt > now) {
        clearTimeout(this.#alarm);
        this.#alarm = setTimeout(() => this.#startDue(), dueAt - now);
        return;
      }
      this.#pay(this.#options.plan.payment(this.#options.range[0] + this.#startedCount), dueAt);
    }
  }

  #pay(payment: Payment, dueAt: number): void {
    this.#options.check.start(payment);
    this.#times.sent(this.#startedCount, dueAt);
    this.#startedCount += 1;
    // The wait for an answer begins when a payment is sent, even where the one before was long ago.
    this.#lastNewsAt = performance.now();
    this.#post(prepareTransfer(this.#options.debtorId, payment));
  }

  /** Messages from one turn of the event loop are sent together. */
  #post(body: string): void {
    if (this.#outbox.push(body) === 1) {
      setImmediate(() => {
        const bodies = this.#outbox;
        this.#outbox = [];
        this.#options.send(bodies);
      });
    }
  }

  #look(): void {
    this.#options.onProgress(this.#doneCount);
    if (performance.now() - this.#lastNewsAt < this.#options.patienceMs) {
      return;
    }
    this.#stop();
    this.finished.reject(
      new LostMessageError(`${this.#count - this.#doneCount} payments are not done, and nothing comes.`),
    );
  }

  #finish(): void {
    this.#stop();
    this.#options.onProgress(this.#doneCount);
    this.finished.resolve({ totalMs: performance.now() - this.#startedAt, times: this.#times });
  }

  #stop(): void {
    clearInterval(this.#watch);
    clearTimeout(this.#alarm);
  }
}
