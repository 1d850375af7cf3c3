/**
 * Connections that have not finished their handshake, of which there are never many: a new one drops the oldest. Honest clients
 * finish in a few round trips, so it is not they who grow old, however many others connect and say nothing.
 */

import type { Socket } from 'node:net';

/** Each takes some tens of kilobytes. */
export const MAX_HANDSHAKES = 256;

type Ends = Pick<Socket, 'remoteAddress' | 'remotePort'>;

export class Handshakes {
  /** The oldest comes first. */
  readonly #sockets = new Map<string, Socket>();
  readonly #dropped: () => void;

  constructor(dropped: () => void) {
    this.#dropped = dropped;
  }

  get count(): number {
    return this.#sockets.size;
  }

  begun(socket: Socket): void {
    const key = keyOf(socket);
    this.#sockets.set(key, socket);
    socket.once('close', () => {
      if (this.#sockets.get(key) === socket) {
        this.#sockets.delete(key);
      }
    });
    if (this.#sockets.size > MAX_HANDSHAKES) {
      // A socket whose other end has gone no longer knows its address, so the key is the one under which it was put.
      const [[oldestKey, oldest]] = this.#sockets as unknown as [[string, Socket]];
      this.#sockets.delete(oldestKey);
      this.#dropped();
      oldest.destroy();
    }
  }

  /** @param ends of the connection, whichever socket it is by now */
  done(ends: Ends): void {
    this.#sockets.delete(keyOf(ends));
  }

  dropAll(): void {
    for (const socket of [...this.#sockets.values()]) {
      socket.destroy();
    }
  }
}

function keyOf({ remoteAddress, remotePort }: Ends): string {
  return `${remoteAddress} ${remotePort}`;
}
