/** Waits for something to happen, with a bound, without missing what happens just before the wait. */

/** Has one waiter at a time. */
export class Pulse {
  #hasBeaten = false;
  #wake: (() => void) | undefined;

  /** Ends the present wait, or else the next one. */
  beat(): void {
    this.#hasBeaten = true;
    this.#wake?.();
  }

  /** Resolves at a beat since the last wait, after `timeoutMs`, or when `signal` is aborted. Never throws. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#hasBeaten && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = timeoutMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(resolve, timeoutMs);
      const onAbort = () => resolve();
      signal.addEventListener('abort', onAbort);
      this.#wake = resolve;
      await promise;
      this.#wake = undefined;
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    }
    this.#hasBeaten = false;
  }
}

/** Resolves after `ms`, or at once when `signal` is aborted. Never throws. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Pulse().wait(ms, signal);
}
