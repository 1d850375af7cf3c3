/** Knows when nothing is under way any more: no message in a queue, no record in a stream, no function running. */

import type { LocalQueue } from '../emulators/queue-and-topic-emulator.ts';
import type { LocalFunction } from './local-function.ts';
import { pause } from './pulse.ts';
import type { StreamMapping } from './stream-mapping.ts';

/** What the functions are doing, whichever mapping invokes them. */
export class Activity {
  #runningCount = 0;
  #lastFinishedAt = Number.NEGATIVE_INFINITY;
  readonly #onFinished: () => void;

  constructor(onFinished: () => void) {
    this.#onFinished = onFinished;
  }

  get isBusy(): boolean {
    return this.#runningCount > 0;
  }

  /** An instant of `performance.now`. */
  get lastFinishedAt(): number {
    return this.#lastFinishedAt;
  }

  /** The function, with its invocations counted. */
  watch(target: LocalFunction): LocalFunction {
    const invoke = async (event: string) => {
      this.#runningCount++;
      const result = await target.invoke(event);
      this.#runningCount--;
      this.#lastFinishedAt = performance.now();
      this.#onFinished();
      return result;
    };
    return { ...target, invoke };
  }
}

export interface Work {
  readonly queues: readonly LocalQueue[];
  readonly streams: readonly StreamMapping[];
  readonly activity: Activity;
}

const CHECK_MS = 5;

/** Waits until no record is left, not even one that the handling of the last ones has caused. */
export async function untilCaughtUp(
  { streams, activity }: Omit<Work, 'queues'>,
  signal: AbortSignal,
): Promise<void> {
  for (let instant = performance.now(); !signal.aborted; instant = activity.lastFinishedAt) {
    for (const mapping of streams) {
      mapping.wake();
    }
    while (!streams.every((mapping) => mapping.hasCaughtUpWith(instant)) && !signal.aborted) {
      await pause(CHECK_MS, signal);
    }
    if (activity.lastFinishedAt <= instant) {
      return;
    }
  }
}

/** Waits until the queues are empty, the streams are read and the functions idle, all at once. */
export async function untilAtRest(work: Work, signal: AbortSignal): Promise<void> {
  const { queues, activity } = work;
  const isQuiet = () => !activity.isBusy && queues.every((queue) => queue.count() === 0);
  while (!signal.aborted) {
    while (!isQuiet() && !signal.aborted) {
      await pause(CHECK_MS, signal);
    }
    const { lastFinishedAt } = activity;
    await untilCaughtUp(work, signal);
    if (isQuiet() && activity.lastFinishedAt === lastFinishedAt) {
      return;
    }
  }
}
