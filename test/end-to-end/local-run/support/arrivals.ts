/** All messages that a client got, and waiting until they are what one waits for. */

import type { WireMessage } from '../../support/wire-json.ts';

export interface Arrivals {
  readonly add: (message: WireMessage) => void;
  /** Resolves with what `look` finds, which is tried again with each message. */
  readonly until: <T>(what: string, look: (messages: readonly WireMessage[]) => T | undefined) => Promise<T>;
}

const PATIENCE_MS = 60_000;

export function createArrivals(): Arrivals {
  const messages: WireMessage[] = [];
  const watchers = new Set<() => void>();
  return {
    add: (message) => {
      messages.push(message);
      for (const watch of [...watchers]) {
        watch();
      }
    },
    until: async <T>(what: string, look: (messages: readonly WireMessage[]) => T | undefined) => {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const watch = () => {
        const found = look(messages);
        if (found !== undefined) {
          resolve(found);
        }
      };
      const timer = setTimeout(() => reject(new Error(`${what} did not come.`)), PATIENCE_MS);
      watchers.add(watch);
      watch();
      return promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(watch);
      });
    },
  };
}
