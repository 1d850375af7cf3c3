/**
 * Virtual time: events happen in the order of their instants, and code under test runs on the microtask queue until it
 * waits for the next event. So one seed always gives one order of everything.
 */

interface ScheduledEvent {
  readonly at: number;
  readonly order: number;
  /** Whether the world still has work to do as long as this event is ahead. */
  readonly isWork: boolean;
  readonly happen: () => void;
}

/** Microseconds since 1970; exact in a double until the year 2255. */
export type Instant = number;

export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A world with more events than this never comes to rest. */
const MAX_EVENTS = 400_000;
/** In a world with more events than this nearly everything fails; it must become reliable to finish. */
const MANY_EVENTS = MAX_EVENTS / 2;
/** Events run in one turn of Node's event loop; the microtasks run after each event. */
const EVENTS_IN_TURN = 64;

export class RestlessWorldError extends Error {
  override readonly name = 'RestlessWorldError';
}

export class Scheduler {
  readonly #heap: ScheduledEvent[] = [];
  #now: Instant;
  #order = 0;
  #work = 0;
  #eventCount = 0;
  #isStopped = false;
  #whenMany = (): void => {};

  constructor(start: Instant) {
    this.#now = start;
  }

  get now(): Instant {
    return this.#now;
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** Calls back once, when so many events have happened that the world should now come to an end. */
  afterManyEvents(happen: () => void): void {
    this.#whenMany = happen;
  }

  /** Stops everything: no further event runs. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Schedules an event after `delay` microseconds. */
  after(delay: number, happen: () => void): void {
    this.#push(this.#now + Math.max(0, Math.round(delay)), true, happen);
  }

  /** The same, for an event that does not keep the world awake: it runs only if time passes its instant anyway. */
  inBackground(delay: number, happen: () => void): void {
    this.#push(this.#now + Math.max(0, Math.round(delay)), false, happen);
  }

  /** Resolves after `delay` microseconds. */
  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => this.after(delay, resolve));
  }

  /**
   * Runs all events until no work is ahead.
   * @throws {RestlessWorldError} when the world does not come to rest
   */
  untilRest(): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        let left = EVENTS_IN_TURN;
        const step = (): void => {
          left -= 1;
          if (left < 0) {
            return;
          }
          try {
            if (!this.#step()) {
              left = 0;
              resolve();
            } else if (left === 0) {
              turn();
            }
          } catch (error) {
            left = 0;
            reject(error);
          }
        };
        for (let index = 0; index < EVENTS_IN_TURN; index += 1) {
          setImmediate(step);
        }
      };
      turn();
    });
  }

  #step(): boolean {
    const event = this.#work > 0 && !this.#isStopped ? this.#pop() : undefined;
    if (event === undefined) {
      return false;
    }
    this.#eventCount += 1;
    if (this.#eventCount === MANY_EVENTS) {
      this.#whenMany();
    }
    if (this.#eventCount > MAX_EVENTS) {
      throw new RestlessWorldError(`The world did not come to rest within ${MAX_EVENTS} events.`);
    }
    this.#now = Math.max(this.#now, event.at);
    event.happen();
    return true;
  }

  #push(at: Instant, isWork: boolean, happen: () => void): void {
    const event = { at, order: this.#order, isWork, happen };
    this.#order += 1;
    this.#work += isWork ? 1 : 0;
    const heap = this.#heap;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent] as ScheduledEvent)) {
        break;
      }
      heap[index] = heap[parent] as ScheduledEvent;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): ScheduledEvent | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) {
      return undefined;
    }
    this.#work -= first.isWork ? 1 : 0;
    if (heap.length > 0) {
      sink(heap, last);
    }
    return first;
  }
}

/** Sifts `event` down from the empty top to its place. */
function sink(heap: ScheduledEvent[], event: ScheduledEvent): void {
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) {
      break;
    }
    if (
      child + 1 < heap.length &&
      isBefore(heap[child + 1] as ScheduledEvent, heap[child] as ScheduledEvent)
    ) {
      child += 1;
    }
    if (!isBefore(heap[child] as ScheduledEvent, event)) {
      break;
    }
    heap[index] = heap[child] as ScheduledEvent;
    index = child;
  }
  heap[index] = event;
}

function isBefore(a: ScheduledEvent, b: ScheduledEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
