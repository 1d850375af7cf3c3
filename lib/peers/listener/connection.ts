/** Puts a session onto a socket: back-pressure both ways, and an end that the other side gets to see. */

import type { TLSSocket } from 'node:tls';
import { frame, headerText, printFrame } from '../stomp/frame.ts';
import { ServerSession, type SessionTools } from './server-session.ts';

/** A peer that does not read its receipts for so long is cut off. */
const MAX_CONGESTION_MS = 30_000;
/** After the last bytes were written, the other side has so long to close. */
const CLOSING_MS = 5_000;
/** A connection without heart-beats is probed after so long a silence, so that a vanished peer is noticed. */
const KEEP_ALIVE_MS = 60_000;

export interface ConnectionTools extends SessionTools {
  /** The socket is closed, for whatever reason. */
  readonly closed: () => void;
}

/** Serves an authenticated peer until the socket is closed. */
export function serveConnection(socket: TLSSocket, tools: ConnectionTools): ServerSession {
  const session: ServerSession = new ServerSession(
    {
      write: (bytes) => {
        if (!socket.write(bytes)) {
          queueMicrotask(() => session.congested(socket.writableNeedDrain));
          patience ??= setTimeout(() => socket.destroy(), MAX_CONGESTION_MS);
        }
      },
      end: () => endGracefully(socket),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
    },
    tools,
  );
  let patience: NodeJS.Timeout | undefined;
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  socket.on('data', (bytes) => session.received(bytes));
  socket.on('drain', () => {
    clearTimeout(patience);
    patience = undefined;
    session.congested(false);
  });
  // The socket closes after an error.
  socket.on('error', () => {});
  socket.on('close', () => {
    clearTimeout(patience);
    session.closed();
    tools.closed();
  });
  return session;
}

/** Tells whoever is connected why nobody talks to it. */
export function refuseConnection(socket: TLSSocket, reason: string): void {
  socket.on('error', () => {});
  socket.write(printFrame(frame('ERROR', { message: headerText(reason) })));
  endGracefully(socket);
}

/**
 * Whatever still comes is read and thrown away: a socket that is closed with unread bytes is reset, and the other side may then
 * lose what was written last.
 */
function endGracefully(socket: TLSSocket): void {
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), CLOSING_MS);
  socket.on('close', () => clearTimeout(timer));
}
