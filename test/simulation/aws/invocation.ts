/**
 * One invocation of a Lambda function: its clock, its calls to AWS, and its possible death between any two of them. A
 * function that dies gets no error: the call it waits for never returns, though the request may still take effect.
 */

import type { Surroundings } from '../../../lib/shell/surroundings.ts';
import type { Chaos } from '../chaos.ts';
import type { EventLog } from '../event-log.ts';
import { type Instant, MILLISECOND, MINUTE, type Scheduler, SECOND } from '../scheduler.ts';
import { ODD_ERROR, timeout } from './aws-errors.ts';

/** What all invocations of a world share. */
export interface Cloud {
  readonly scheduler: Scheduler;
  readonly chaos: Chaos;
  readonly log: EventLog;
}

/** What happens to a call, besides its effect. */
export type CallFault =
  | { readonly kind: 'refused' | 'answer lost'; readonly error: Error }
  | { readonly kind: 'done late'; readonly error: Error; readonly delay: number }
  | { readonly kind: 'done twice' };

export type InvocationResult<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'died' };

/** The functions' timeouts, by the beginning of an invocation's name, which is that of its queue or stream. */
export const FUNCTION_TIMEOUTS: Readonly<Record<string, number>> = {
  incoming: 40 * SECOND,
  credit: 30 * SECOND,
  publish: 30 * SECOND,
  chores: 40 * SECOND,
  sweep: 60 * SECOND,
  again: 60 * SECOND,
  start: 60 * SECOND,
};
const ANY_TIMEOUT = 30 * SECOND;
/** Nothing more is begun when less time is left. */
const TIME_TO_FINISH = 15 * SECOND;
/** So long before the end of the function its calls end as well. */
const TIME_TO_REPORT = 2 * SECOND;
/** What functions try again may fail so often; and calls that are made at once share the count. */
const ENOUGH_FAULTS = 8;
const MAX_CALLS_BEFORE_CRASH = 12;
/** Of an invocation that takes many messages before it works on them, and deletes them afterwards. */
const MANY_CALLS_BEFORE_CRASH = 60;

export class Invocation {
  readonly name: string;
  readonly startedAt: Instant;
  readonly surroundings: Surroundings;
  /** Where the last page of a table ended that was read: `'table'` at its end, `undefined` when it could not be read. */
  lastPage: 'page' | 'table' | undefined;
  readonly #cloud: Cloud;
  readonly #deadline: number;
  readonly #endOfCalls: number;
  /** The number of the call at which the function dies, and whether that call takes effect. */
  readonly #crash: { readonly call: number; readonly isSent: boolean } | undefined;
  #calls = 0;
  #isDead = false;
  #died: () => void = () => {};

  constructor(name: string, cloud: Cloud) {
    this.name = name;
    this.#cloud = cloud;
    const { chaos, scheduler } = cloud;
    this.startedAt = scheduler.now;
    this.#deadline = scheduler.now + timeLeft(name, chaos);
    this.#endOfCalls = this.#deadline - TIME_TO_REPORT;
    this.#crash = chaos.strikes('crashes')
      ? { call: callOfCrash(chaos), isSent: chaos.random.chance(0.5) }
      : undefined;
    this.surroundings = this.#createSurroundings();
  }

  /** What went wrong in calls and is tried again within the function, and what is not. */
  passingFaults = 0;
  unretriedFaults = 0;
  /** Whether the function was told that there is no time left. */
  isShortOfTime = false;

  /** Whether so much went wrong that a function may give up, and let its work come again. */
  get mayGiveUp(): boolean {
    return this.isShortOfTime || this.unretriedFaults > 0 || this.passingFaults >= ENOUGH_FAULTS;
  }

  /** In milliseconds. */
  readonly remainingMs = (): number => (this.#deadline - this.#cloud.scheduler.now) / MILLISECOND;

  get now(): Instant {
    return this.#cloud.scheduler.now;
  }

  /** What functions ask before they begin with something more. */
  readonly hasTime = (): boolean => {
    const isEnough = this.#deadline - this.#cloud.scheduler.now > TIME_TO_FINISH;
    this.isShortOfTime ||= !isEnough;
    return isEnough;
  };

  /** Runs the function's code to its end, or until it dies. */
  run<T>(handle: () => Promise<T>): Promise<InvocationResult<T>> {
    const { log } = this.#cloud;
    return new Promise((resolve) => {
      this.#died = () => {
        log.add('died', this.name);
        resolve({ kind: 'died' });
      };
      const { chaos, scheduler } = this.#cloud;
      const isBroken = chaos.suffers('bad deploy', scheduler.now);
      (isBroken ? Promise.reject(new Error('The handler can not be loaded')) : handle()).then(
        (value) => this.#isDead || resolve({ kind: 'done', value }),
        (error: unknown) => this.#isDead || resolve({ kind: 'failed', error }),
      );
    });
  }

  /**
   * A call to AWS. It takes effect by `apply` some time after it was sent, and returns some time after that. One that takes too
   * long for the function fails in time, whether or not it takes effect.
   */
  call<T>(operation: string, apply: () => T, fault: CallFault | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isDead) {
        return;
      }
      const { scheduler } = this.#cloud;
      if (scheduler.now >= this.#endOfCalls) {
        this.#endCall(reject);
        return;
      }
      this.#calls += 1;
      const death = this.#crash?.call === this.#calls ? this.#crash : this.#plannedDeath();
      const isLast = death !== undefined;
      if (isLast && !death.isSent) {
        this.#die();
        return;
      }
      if (fault !== undefined) {
        this.#note(fault);
        this.#cloud.log.add('fault', `${this.name} ${operation} ${fault.kind}`);
      }
      const latency = this.#latency(operation);
      const isCut = scheduler.now + latency > this.#endOfCalls;
      if (isCut) {
        this.#endCall(reject);
      }
      scheduler.after(latency, () => {
        const answer = answerOf(apply, fault, scheduler);
        this.passingFaults += fault === undefined && 'error' in answer ? 1 : 0;
        if (isLast && !this.#isDead) {
          this.#die();
        }
        const wait = this.#latency();
        if (scheduler.now + wait <= this.#endOfCalls) {
          this.#resume(wait, () => ('error' in answer ? reject(answer.error) : resolve(answer.value)));
        } else if (!isCut) {
          this.#endCall(reject);
        }
      });
    });
  }

  #plannedDeath(): { readonly isSent: boolean } | undefined {
    return this.#cloud.chaos.deathAt(this.name, this.#calls);
  }

  #endCall(reject: (error: Error) => void): void {
    this.isShortOfTime = true;
    this.#resume(Math.max(0, this.#endOfCalls - this.#cloud.scheduler.now), () => reject(timeout()));
  }

  /** Resolves after a while, if the function is still alive then. */
  #resume(delay: number, proceed: () => void): void {
    const { scheduler } = this.#cloud;
    scheduler.after(Math.min(delay, this.#deadline - scheduler.now), () => {
      if (this.#isDead) {
        return;
      }
      if (scheduler.now >= this.#deadline) {
        this.#die();
      } else {
        proceed();
      }
    });
  }

  /** Ends it now, as Lambda ends a process that has failed. */
  end(): void {
    this.#die();
  }

  #note(fault: CallFault): void {
    const isOdd = 'error' in fault && fault.error.name === ODD_ERROR;
    this.unretriedFaults += isOdd ? 1 : 0;
    this.passingFaults += isOdd || fault.kind === 'done twice' ? 0 : 1;
  }

  #die(): void {
    this.#isDead = true;
    this.#died();
  }

  #latency(operation?: string): number {
    const { chaos } = this.#cloud;
    if (operation === 'Delete' && chaos.random.chance(chaos.features.departures)) {
      // Only accounts are ever removed; just then others want to pay them.
      return chaos.random.spread(20 * MILLISECOND, 5 * SECOND);
    }
    return chaos.strikes('slowCalls')
      ? chaos.random.spread(SECOND, MINUTE)
      : chaos.random.spread(MILLISECOND, 20 * MILLISECOND);
  }

  #createSurroundings(): Surroundings {
    const { scheduler, chaos } = this.#cloud;
    const { random, features } = chaos;
    const drawError = (): number => (random.fraction() * 2 - 1) * features.clockSkew * SECOND;
    let clockError = features.clockSkew > 0 ? drawError() : 0;
    return {
      now: () => {
        if (chaos.strikes('clockJumps')) {
          clockError = drawError();
        }
        return BigInt(Math.floor((scheduler.now + clockError) / MILLISECOND)) * 1_000n;
      },
      pause: (milliseconds) =>
        new Promise((resolve) => {
          if (!this.#isDead) {
            this.#resume(milliseconds * MILLISECOND, resolve);
          }
        }),
      random: () => random.fraction(),
    };
  }
}

function callOfCrash({ random }: Chaos): number {
  return random.between(1, random.chance(0.8) ? MAX_CALLS_BEFORE_CRASH : MANY_CALLS_BEFORE_CRASH);
}

/** All of the function's time; or less, where starting it took long. */
function timeLeft(name: string, chaos: Chaos): number {
  const timeout = timeoutOf(name);
  return chaos.strikes('lateStarts') ? chaos.random.spread(timeout / 30, timeout) : timeout;
}

export function timeoutOf(name: string): number {
  return FUNCTION_TIMEOUTS[/^[a-z]*/.exec(name)?.[0] ?? ''] ?? ANY_TIMEOUT;
}

function answerOf<T>(
  apply: () => T,
  fault: CallFault | undefined,
  scheduler: Scheduler,
): { readonly value: T } | { readonly error: unknown } {
  if (fault?.kind === 'refused') {
    return { error: fault.error };
  }
  if (fault?.kind === 'done late') {
    scheduler.after(fault.delay, () => attempt(apply));
    return { error: fault.error };
  }
  const first = attempt(apply);
  if (fault?.kind === 'answer lost' && 'value' in first) {
    return { error: fault.error };
  }
  return fault?.kind === 'done twice' ? attempt(apply) : first;
}

function attempt<T>(apply: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: apply() };
  } catch (error) {
    return { error };
  }
}
