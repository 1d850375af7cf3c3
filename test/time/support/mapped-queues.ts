/**
 * Queues that feed a function through mappings, in virtual time: each mapping runs so many invocations at once at most, and all of
 * them together no more than the account may run.
 */

import type { Random } from '../../simulation/random.ts';

export interface MappedQueue {
  /** How many invocations this mapping runs at once. */
  readonly maxConcurrency: number;
  readonly batchSize: number;
  /** How long an invocation with so many messages takes, in milliseconds. */
  readonly durationMs: (messages: number, random: Random) => number;
  /** When messages are sent, in milliseconds, in order. As many as the consumer of a flood needs. */
  readonly sentAt: Iterable<number>;
  /** Whether the run lasts until all its messages are handled. */
  readonly isWatched: boolean;
}

interface State {
  readonly queue: MappedQueue;
  readonly arrivals: Iterator<number>;
  readonly random: Random;
  next: number | undefined;
  running: number;
  readonly latencies: number[];
}

/**
 * Runs until all messages of the watched queues are handled.
 * @param accountConcurrency how many invocations may run at once for all queues
 * @returns of each queue, how long its messages took from being sent to the end of their invocation, in milliseconds
 */
export function runMappings(
  queues: readonly MappedQueue[],
  { accountConcurrency, random }: { readonly accountConcurrency: number; readonly random: Random },
): readonly (readonly number[])[] {
  const states = queues.map((queue, index): State => {
    const arrivals = queue.sentAt[Symbol.iterator]();
    return {
      queue,
      arrivals,
      random: random.fork(`${index}`),
      next: arrivals.next().value as number | undefined,
      running: 0,
      latencies: [],
    };
  });
  const endings: { readonly at: number; readonly state: State }[] = [];
  let [now, free] = [0, accountConcurrency];
  const isDone = (): boolean =>
    states.every(({ queue, next, running }) => !queue.isWatched || (next === undefined && running === 0));
  const invoke = (state: State): void => {
    const sent: number[] = [];
    while (sent.length < state.queue.batchSize && state.next !== undefined && state.next <= now) {
      sent.push(state.next);
      state.next = state.arrivals.next().value as number | undefined;
    }
    const at = now + state.queue.durationMs(sent.length, state.random);
    state.latencies.push(...sent.map((each) => at - each));
    state.running += 1;
    free -= 1;
    endings.push({ at, state });
    endings.sort((a, b) => a.at - b.at);
  };
  const mayInvoke = ({ queue, next, running }: State): boolean =>
    free > 0 && running < queue.maxConcurrency && next !== undefined && next <= now;
  while (!isDone()) {
    for (let ready = states.filter(mayInvoke); ready.length > 0; ready = states.filter(mayInvoke)) {
      // Whose turn it is when not all can have one is up to chance.
      invoke(random.pick(ready));
    }
    const waiting = states.filter(({ next }) => next !== undefined && next > now);
    const nextArrival = Math.min(...waiting.map(({ next }) => next as number));
    const ending = endings[0];
    if (ending !== undefined && ending.at <= nextArrival) {
      endings.shift();
      now = ending.at;
      ending.state.running -= 1;
      free += 1;
    } else {
      now = nextArrival;
    }
  }
  return states.map(({ latencies }) => latencies);
}
