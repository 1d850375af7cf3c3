/** Waits until a record is as it should be, whoever changes it: this process, or another one that shares the store. */

import { addSeconds } from '../../protocol/timestamps.ts';
import { ClientClosedError } from '../errors.ts';
import type { Surroundings } from './surroundings.ts';

/** Changes by other processes are noticed after this time at the latest. */
const LOOK_AGAIN_SECONDS = 5;

/** Why a pause ends early. Nobody sees it, and without a reason an error with a stack would be made each time. */
const OVER = 'over';

export interface Wish<T> {
  /** The record's name, with which `Notices` wakes. */
  readonly record: string;
  /** What to return, read from the store; `undefined` to go on waiting. May throw. */
  readonly read: () => Promise<T | undefined>;
  readonly signal?: AbortSignal | undefined;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
}

/**
 * @throws the signal's reason when it is aborted
 * @throws {ClientClosedError} when the client is closed
 */
export async function waitUntil<T>({ notices, clock }: Surroundings, wish: Wish<T>): Promise<T> {
  const { record, read, closed, signal } = wish;
  for (;;) {
    signal?.throwIfAborted();
    if (closed.aborted) {
      throw new ClientClosedError();
    }
    // Listening begins before reading, so that no change falls between.
    const round = new AbortController();
    const stop = (): void => round.abort(OVER);
    // Not AbortSignal.any: it makes the client's own signal remember each round for as long as the client lives.
    closed.addEventListener('abort', stop);
    signal?.addEventListener('abort', stop);
    const change = Promise.withResolvers<void>();
    const stopListening = notices.waitFor(record, change.resolve);
    try {
      const value = await read();
      if (value !== undefined) {
        return value;
      }
      const pause = clock.waitUntil(addSeconds(clock.now(), LOOK_AGAIN_SECONDS), round.signal);
      // Aborting ends the pause, and the loop says why.
      await Promise.race([change.promise, pause.catch(() => {})]);
    } finally {
      stopListening();
      closed.removeEventListener('abort', stop);
      signal?.removeEventListener('abort', stop);
      round.abort(OVER);
    }
  }
}
