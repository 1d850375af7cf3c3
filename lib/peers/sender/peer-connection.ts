/** Connects to a peer's server, and sends messages over one connection. */

import { connect, type TLSSocket } from 'node:tls';
import { nodeIdOf } from '../certificates.ts';
import type { Identity } from '../identity.ts';
import type { StompReach } from '../peer.ts';
import { ClientSession, type SessionResult } from './client-session.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** Until the peer has said hello, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;
/** From one sign of the peer to the next, in milliseconds. */
const SILENCE_TIMEOUT_MS = 15_000;

export interface Destination {
  readonly nodeId: string;
  readonly reach: StompReach;
}

export interface ConnectionChoice {
  readonly identity: Identity;
  /** From 0 up to 1, to choose one of the peer's servers. */
  readonly random: () => number;
  /** However busy the connection is, it ends after so many milliseconds. */
  readonly maxMs: () => number;
}

/** Sends messages to one of the peer's servers. Never throws: whatever goes wrong is in the result. */
export async function sendOverConnection(
  messages: readonly OutgoingMessage[],
  { nodeId, reach }: Destination,
  { identity, random, maxMs }: ConnectionChoice,
): Promise<SessionResult> {
  const { servers } = reach.address;
  const server = servers[Math.floor(random() * servers.length)] as (typeof servers)[number];
  const socket = connect({
    ...server,
    // The peer's root alone is trusted; whose certificate it is counts, not which host shows it.
    ca: reach.rootCertificate,
    checkServerIdentity: () => undefined,
    cert: `${identity.certificate}\n${reach.subCertificate}`,
    key: identity.key,
    minVersion: 'TLSv1.3',
    timeout: SILENCE_TIMEOUT_MS,
  });
  const { promise, resolve } = Promise.withResolvers<SessionResult>();
  const session = new ClientSession(messages, reach.address, {
    write: (bytes) => socket.write(bytes),
    finished: resolve,
  });
  const connecting = setTimeout(() => session.fail('The peer did not answer in time.'), CONNECT_TIMEOUT_MS);
  const whole = setTimeout(() => session.fail('There was no time left.'), maxMs());
  socket.on('secureConnect', () => greet(socket, session, nodeId));
  socket.on('data', (bytes) => {
    clearTimeout(connecting);
    session.received(bytes);
  });
  socket.on('timeout', () => session.fail('The peer was silent for too long.'));
  socket.on('error', ({ message }) => session.fail(message));
  socket.on('close', () => session.fail('The peer closed the connection.'));
  const result = await promise;
  clearTimeout(connecting);
  clearTimeout(whole);
  socket.destroySoon();
  return result;
}

function greet(socket: TLSSocket, session: ClientSession, nodeId: string): void {
  if (nodeIdOf(socket.getPeerX509Certificate()?.subject ?? '') === nodeId) {
    session.begin();
  } else {
    session.fail('The server is not the peer that was to be reached.');
  }
}
