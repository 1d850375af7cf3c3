/** One long outage of a drill: what fails, and for how long. Nothing and nobody ends it earlier. */

import type { Chaos } from './chaos.ts';
import type { Instant, Scheduler } from './scheduler.ts';

export type DisasterKind =
  /** Calls to the tables are throttled. */
  | 'tables throttle'
  /** Calls to the tables fail, and have no effect. */
  | 'tables down'
  /** Every invocation of every function throws. */
  | 'bad deploy'
  /** No queue and no stream invokes its function. */
  | 'mappings disabled'
  /** No topic takes anything. */
  | 'topics down';

export interface Disaster {
  readonly kind: DisasterKind;
  /** When it begins, in microseconds after the beginning of the world. */
  readonly after: number;
  /** In microseconds. */
  readonly duration: number;
}

/** What one disaster does to the world, and when. */
export class DisasterInTime {
  readonly #disaster: Disaster;
  readonly #start: Instant;

  constructor(disaster: Disaster, start: Instant) {
    this.#disaster = disaster;
    this.#start = start + disaster.after;
  }

  get end(): Instant {
    return this.#start + this.#disaster.duration;
  }

  isOn(kind: DisasterKind, now: Instant): boolean {
    return kind === this.#disaster.kind && now >= this.#start && now < this.end;
  }
}

/** Has the disaster happen, and keeps the world awake until it is over. */
export function scheduleDisaster(disaster: Disaster, scheduler: Scheduler, chaos: Chaos): void {
  const inTime = new DisasterInTime(disaster, scheduler.now);
  chaos.befall(inTime);
  scheduler.after(inTime.end - scheduler.now, () => {});
}

/** One planned death of functions: those with the name die at their call of that number. */
export interface Death {
  /** The beginning of the names of the invocations. */
  readonly name: string;
  /** 1 for the first call to AWS that an invocation makes. */
  readonly call: number;
  /** Whether that call takes effect. */
  readonly isSent: boolean;
}
