/**
 * One invocation of a Lambda function: its clock, its calls to AWS, and its possible death between any two of them. A
 * function that dies gets no error: the call it waits for never returns, though the request may still take effect.
 */

import type { Surroundings } from '../../../lib/shell/surroundings.ts';
import type { Chaos } from '../chaos.ts';
import type { EventLog } from '../event-log.ts';
import { MILLISECOND, MINUTE, type Scheduler, SECOND } from '../scheduler.ts';

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

const FUNCTION_TIMEOUT = 30 * SECOND;
const MAX_CALLS_BEFORE_CRASH = 12;

export class Invocation {
  readonly name: string;
  readonly surroundings: Surroundings;
  readonly #cloud: Cloud;
  readonly #deadline: number;
  /** The number of the call at which the function dies, and whether that call takes effect. */
  readonly #crash: { readonly call: number; readonly isSent: boolean } | undefined;
  #calls = 0;
  #isDead = false;
  #died: () => void = () => {};

  constructor(name: string, cloud: Cloud) {
    this.name = name;
    this.#cloud = cloud;
    const { chaos, scheduler } = cloud;
    this.#deadline = scheduler.now + FUNCTION_TIMEOUT;
    this.#crash = chaos.strikes('crashes')
      ? { call: chaos.random.between(1, MAX_CALLS_BEFORE_CRASH), isSent: chaos.random.chance(0.5) }
      : undefined;
    this.surroundings = this.#createSurroundings();
  }

  /** Runs the function's code to its end, or until it dies. */
  run<T>(handle: () => Promise<T>): Promise<InvocationResult<T>> {
    const { log } = this.#cloud;
    return new Promise((resolve) => {
      this.#died = () => {
        log.add('died', this.name);
        resolve({ kind: 'died' });
      };
      handle().then(
        (value) => this.#isDead || resolve({ kind: 'done', value }),
        (error: unknown) => this.#isDead || resolve({ kind: 'failed', error }),
      );
    });
  }

  /** A call to AWS. It takes effect by `apply` some time after it was sent, and returns some time after that. */
  call<T>(operation: string, apply: () => T, fault: CallFault | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isDead) {
        return;
      }
      this.#calls += 1;
      const isLast = this.#crash?.call === this.#calls;
      if (isLast && !this.#crash.isSent) {
        this.#die();
        return;
      }
      if (fault !== undefined) {
        this.#cloud.log.add('fault', `${this.name} ${operation} ${fault.kind}`);
      }
      const { scheduler } = this.#cloud;
      scheduler.after(this.#latency(), () => {
        const answer = answerOf(apply, fault, scheduler);
        if (isLast && !this.#isDead) {
          this.#die();
        }
        this.#resume(this.#latency(), () =>
          'error' in answer ? reject(answer.error) : resolve(answer.value),
        );
      });
    });
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

  #die(): void {
    this.#isDead = true;
    this.#died();
  }

  #latency(): number {
    const { chaos } = this.#cloud;
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
