/** Waiting for something to happen, with a bound, and without missing what happens just before one waits. */

export interface Pulse {
  /** Ends the present wait, or else the next one. */
  readonly beat: () => void;
  /** Resolves at a beat since the last wait, after `timeoutMs`, or when `signal` is aborted. Never throws. */
  readonly wait: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
}

/** For one waiter. */
export function createPulse(): Pulse {
  let hasBeaten = false;
  let wake: (() => void) | undefined;
  return {
    beat: () => {
      hasBeaten = true;
      wake?.();
    },
    wait: async (timeoutMs, signal) => {
      if (!hasBeaten && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = timeoutMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(resolve, timeoutMs);
        const onAbort = () => resolve();
        signal.addEventListener('abort', onAbort);
        wake = resolve;
        await promise;
        wake = undefined;
        signal.removeEventListener('abort', onAbort);
        clearTimeout(timer);
      }
      hasBeaten = false;
    },
  };
}

/** Resolves after `ms`, or at once when `signal` is aborted. Never throws. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return createPulse().wait(ms, signal);
}
