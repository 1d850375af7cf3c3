/** Waiting until nothing is under way any more: no message in a queue, no record in a stream, nobody at work. */

import type { LocalQueue } from '../emulators/queue-and-topic-emulator.ts';
import { pause } from './pulse.ts';
import type { StreamMapping } from './stream-mapping.ts';

/** What the functions are doing, whichever mapping invokes them. */
export interface WatchedActivity {
  readonly isBusy: () => boolean;
  /** An instant of `performance.now`. */
  readonly lastFinishedAt: () => number;
}

const CHECK_MS = 5;

/** Waits until no record is left, also none that the handling of the last ones has brought about. */
export async function untilCaughtUp(
  mappings: readonly StreamMapping[],
  activity: WatchedActivity,
  signal: AbortSignal,
): Promise<void> {
  for (let instant = performance.now(); !signal.aborted; instant = activity.lastFinishedAt()) {
    for (const mapping of mappings) {
      mapping.wake();
    }
    while (!mappings.every((mapping) => mapping.hasCaughtUpWith(instant)) && !signal.aborted) {
      await pause(CHECK_MS, signal);
    }
    if (activity.lastFinishedAt() <= instant) {
      return;
    }
  }
}

/** Waits until the queues are empty, the streams are read and the functions idle, all at once. */
export async function untilAtRest(
  queues: readonly LocalQueue[],
  mappings: readonly StreamMapping[],
  activity: WatchedActivity,
  signal: AbortSignal,
): Promise<void> {
  const isQuiet = () => !activity.isBusy() && queues.every((queue) => queue.count() === 0);
  while (!signal.aborted) {
    while (!isQuiet() && !signal.aborted) {
      await pause(CHECK_MS, signal);
    }
    const lastFinishedAt = activity.lastFinishedAt();
    await untilCaughtUp(mappings, activity, signal);
    if (isQuiet() && activity.lastFinishedAt() === lastFinishedAt) {
      return;
    }
  }
}
