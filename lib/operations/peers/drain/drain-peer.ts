/**
 * Drains a deactivated peer: answers in its name whatever its accounts need, at a bounded rate, and empties its outgoing queue.
 * Nothing is remembered between runs: what is due follows from the tables, looked at when all earlier answers were processed. So a
 * run may be killed at any point, and the next one goes on.
 */

import type { Responsibility } from '../../../peers/peer.ts';
import { greaterOf } from '../../../protocol/integers.ts';
import type { Timestamp } from '../../../protocol/timestamps.ts';
import type { Settings } from '../../../rules/settings.ts';
import type { QueueCounts } from '../../queue-counts.ts';
import { type Answer, type DueAnswer, dueAnswers, type HeldAccount } from './due-answers.ts';
import { Remaining, whyItRemains } from './remaining.ts';

export interface DrainPlan {
  readonly peer: Responsibility;
  readonly settings: Settings;
  readonly answersPerSecond: number;
  /** For how long a queue must have been empty, since SQS counts approximately. */
  readonly quietSeconds: number;
  /** How long to wait for a queue in which nothing moves. */
  readonly patienceSeconds: number;
  readonly isDryRun: boolean;
}

export interface DrainTools {
  /** Hands over the accounts of the peer, each as it is now. @returns how many items could not be read */
  readonly readAccounts: (take: (held: HeldAccount) => Promise<void>) => Promise<number>;
  /** Puts answers, ten at most, into the peer's incoming queue; all are there when it resolves. */
  readonly send: (answers: readonly Answer[]) => Promise<void>;
  readonly countIncoming: () => Promise<QueueCounts>;
  readonly countOutgoing: () => Promise<QueueCounts>;
  /** Takes up to ten messages for the peer out of its queue, for good. @returns how many */
  readonly discard: () => Promise<number>;
  /** The authority's time. */
  readonly now: () => Timestamp;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Called with a sentence when something has changed. */
  readonly onProgress: (sentence: string) => void;
}

export interface DrainResult {
  /** Whether nothing is left to be answered, and nothing in the queue. */
  readonly isDrained: boolean;
  /** How many answers were sent; on a dry run, how many would be. */
  readonly dismissals: number;
  readonly closures: number;
  /** How many messages for the peer were thrown away; on a dry run, how many wait. */
  readonly discarded: number;
  /** Answers that the peer itself could not have sent. */
  readonly forbidden: number;
  /** Answers that had no effect. */
  readonly ineffective: number;
  readonly unreadable: number;
  readonly remaining: Remaining;
}

/** As many as a call to a queue takes. */
const BATCH = 10;
const LOOK_EVERY_MS = 1_000;
/** An answer that had no effect in so many looks will have none. */
const MAX_IDLE_LOOKS = 3;

export async function drainPeer(plan: DrainPlan, tools: DrainTools): Promise<DrainResult> {
  return new Draining(plan, tools).run();
}

/** What one look at the tables found. */
interface Look {
  readonly sent: number;
  readonly waiting: number;
  readonly forbidden: number;
  readonly unreadable: number;
  readonly remaining: Remaining;
}

class Draining {
  readonly #plan: DrainPlan;
  readonly #tools: DrainTools;
  /** What was answered, and not seen to have had its effect. */
  #answered: ReadonlySet<string> = new Set();
  #dismissals = 0;
  #closures = 0;
  #discarded = 0;
  /** When the next answers may be sent, in microseconds. */
  #nextSendAt: Timestamp = 0n;

  constructor(plan: DrainPlan, tools: DrainTools) {
    this.#plan = plan;
    this.#tools = tools;
  }

  async run(): Promise<DrainResult> {
    if (this.#plan.isDryRun) {
      const { waiting, taken } = await this.#tools.countOutgoing();
      this.#discarded = waiting + taken;
      return this.#result(await this.#look(this.#count), false);
    }
    for (let idleLooks = 0; ; ) {
      if (!(await this.#untilProcessed())) {
        return this.#result(await this.#look(async () => {}), false);
      }
      const found = await this.#look(this.#send);
      idleLooks = found.sent > 0 ? 0 : idleLooks + 1;
      const isAnswered = found.sent === 0 && (found.waiting === 0 || idleLooks >= MAX_IDLE_LOOKS);
      if (isAnswered) {
        const before = this.#discarded;
        const isEmpty = await this.#emptyOutgoing();
        // What came meanwhile may tell of something new.
        if (!isEmpty || this.#discarded === before || idleLooks >= MAX_IDLE_LOOKS) {
          return this.#result(found, isEmpty);
        }
      }
    }
  }

  #result({ waiting, forbidden, unreadable, remaining }: Look, isEmpty: boolean): DrainResult {
    return {
      isDrained: isEmpty && waiting + forbidden + unreadable === 0,
      dismissals: this.#dismissals,
      closures: this.#closures,
      discarded: this.#discarded,
      forbidden,
      ineffective: waiting,
      unreadable,
      remaining,
    };
  }

  /** Looks at every account of the peer. @param deal called with the answers that are due, ten at most */
  async #look(deal: (answers: readonly Answer[]) => Promise<void>): Promise<Look> {
    const { peer, settings } = this.#plan;
    const remaining = new Remaining();
    const answered = new Set<string>();
    let [waiting, forbidden, sent] = [0, 0, 0];
    let batch: DueAnswer[] = [];
    const flush = async (): Promise<void> => {
      const due = batch;
      batch = [];
      await deal(due.map(({ answer }) => answer));
      sent += due.length;
      for (const { state } of due) {
        answered.add(state);
      }
    };
    const unreadable = await this.#tools.readAccounts(async (held) => {
      remaining.add(whyItRemains(held.account, settings));
      const circumstances = { peer, answered: this.#answered, now: this.#tools.now() };
      for (const each of dueAnswers(held, circumstances)) {
        if (each.kind === 'due') {
          batch.push(each);
        } else if (each.kind === 'forbidden') {
          forbidden += 1;
        } else {
          waiting += 1;
          answered.add(each.state);
        }
        if (batch.length === BATCH) {
          await flush();
        }
      }
    });
    if (batch.length > 0) {
      await flush();
    }
    this.#answered = answered;
    return { sent, waiting, forbidden, unreadable, remaining };
  }

  readonly #send = async (answers: readonly Answer[]): Promise<void> => {
    const { now, pause, send, onProgress } = this.#tools;
    // The turn is taken before the wait, since parts of a table are read side by side.
    const turn = greaterOf(now(), this.#nextSendAt);
    this.#nextSendAt = turn + BigInt(Math.ceil((answers.length / this.#plan.answersPerSecond) * 1e6));
    const waitMicroseconds = turn - now();
    if (waitMicroseconds > 0n) {
      await pause(Math.ceil(Number(waitMicroseconds) / 1_000));
    }
    await send(answers);
    await this.#count(answers);
    onProgress(
      `sent so far: ${this.#dismissals} dismissals, ${this.#closures} accounts scheduled for deletion`,
    );
  };

  readonly #count = async (answers: readonly Answer[]): Promise<void> => {
    const dismissals = answers.filter(({ type }) => type === 'FinalizeTransfer').length;
    this.#dismissals += dismissals;
    this.#closures += answers.length - dismissals;
  };

  /** @returns whether all answers, and all that the peer itself sent, were taken before patience was at an end */
  #untilProcessed(): Promise<boolean> {
    return this.#untilEmpty(this.#tools.countIncoming, {
      advance: async () => 0,
      words: "in the peer's incoming queue",
    });
  }

  #emptyOutgoing(): Promise<boolean> {
    return this.#untilEmpty(this.#tools.countOutgoing, {
      advance: async () => {
        const count = await this.#tools.discard();
        this.#discarded += count;
        return count;
      },
      words: "in the peer's outgoing queue",
    });
  }

  async #untilEmpty(
    count: () => Promise<QueueCounts>,
    work: {
      /** Takes some out. @returns how many */
      readonly advance: () => Promise<number>;
      readonly words: string;
    },
  ): Promise<boolean> {
    const { now, pause, onProgress } = this.#tools;
    let [emptySince, movedAt, last] = [undefined as Timestamp | undefined, now(), -1];
    for (;;) {
      const taken = await work.advance();
      const counts = await count();
      const left = counts.waiting + counts.taken;
      if (left !== last || taken > 0) {
        [movedAt, last] = [now(), left];
        const held = counts.taken > 0 ? `, of which somebody has taken ${counts.taken} for now` : '';
        onProgress(`${left} messages ${work.words}${held}`);
      }
      emptySince = left + taken > 0 ? undefined : (emptySince ?? now());
      if (emptySince !== undefined && isLater(now(), emptySince, this.#plan.quietSeconds)) {
        return true;
      }
      if (left > 0 && isLater(now(), movedAt, this.#plan.patienceSeconds)) {
        return false;
      }
      if (taken === 0) {
        await pause(LOOK_EVERY_MS);
      }
    }
  }
}

function isLater(now: Timestamp, since: Timestamp, seconds: number): boolean {
  return now - since >= BigInt(seconds) * 1_000_000n;
}
