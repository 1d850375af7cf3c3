/** What a client needs of the world besides its store: a way for messages, a clock and random numbers. */

import type { IncomingMessage } from '../protocol/messages.ts';
import type { Timestamp } from '../protocol/timestamps.ts';

/** A message that came from the authority, as text. It comes again unless it is acknowledged. */
export interface Delivery {
  /** The JSON text of the message. */
  readonly body: string;
  /** Names this delivery towards the transport. */
  readonly handle: string;
}

/** The way to an authority and back. Messages may come twice, late and in any order, but none is lost. */
export interface Transport {
  /** Resolves when all messages are on their way for certain. When it rejects, some may be. */
  send(messages: readonly IncomingMessage[], signal?: AbortSignal): Promise<void>;
  /** Resolves with the next messages, or with none when none came for a while. */
  receive(signal: AbortSignal): Promise<readonly Delivery[]>;
  /** From now on these deliveries need not come again. */
  acknowledge(deliveries: readonly Delivery[], signal?: AbortSignal): Promise<void>;
}

/** What tells a client the time, and wakes it. */
export interface Clock {
  /** Microseconds since 1970. */
  now(): Timestamp;
  /** Resolves at that instant, at once if it is past, or rejects with the signal's reason. */
  waitUntil(instant: Timestamp, signal: AbortSignal): Promise<void>;
}

/** Timers of Node can't be longer. Whoever waits looks at the time again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const SYSTEM_CLOCK: Clock = {
  now: () => BigInt(Date.now()) * 1000n,
  waitUntil: (instant, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
        Math.max(0, Math.min(Number(instant / 1000n) - Date.now() + 1, LONGEST_TIMER_MS)),
      );
      signal.addEventListener('abort', onAbort, { once: true });
    }),
};

/** A number from 1 to 2^63 − 1 that nobody can have used before. */
export type RandomId = () => bigint;

/** Random enough that no two requests of a coordinator ever get the same ID, also after its store was lost. */
export const randomId: RandomId = () => {
  const [bits = 0n] = crypto.getRandomValues(new BigUint64Array(1));
  return BigInt.asUintN(63, bits) || 1n;
};
