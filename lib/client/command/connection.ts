/** A client's way to the authority as the command needs it: it can tell when everything that waited has come. */

import type { Transport } from '../ports.ts';
import type { Role } from '../roles.ts';
import type { ClientStore } from '../stores/client-store.ts';

export interface Connection {
  readonly transport: Transport;
  /** Resolves when all messages that had arrived were received and processed. */
  readonly untilCaughtUp: (signal: AbortSignal) => Promise<void>;
  /** The same, and from that moment on takes no more messages. */
  readonly catchUpAndRest: (signal: AbortSignal) => Promise<void>;
  /**
   * Resolves when no call is under way that could take a message which nobody would process, or
   * the signal is aborted. No more are made.
   */
  readonly rest: (signal: AbortSignal) => Promise<void>;
}

/** The way to one authority. */
export interface AuthorityAccess extends AsyncDisposable {
  /** Makes what the role needs to receive its messages, unless it is there. */
  readonly connect: (role: Role, signal: AbortSignal) => Promise<Connection>;
  /** Sends the texts as they are. */
  readonly sendTexts: (texts: readonly string[], signal: AbortSignal) => Promise<void>;
  readonly openStore: () => Promise<ClientStore>;
}
