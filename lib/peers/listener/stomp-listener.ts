/**
 * The STOMP server to which peers connect: TLS 1.3 with certificates on both sides, and a bounded number of connections. It
 * keeps nothing but what is on its way into queues, so any number of listeners may stand side by side.
 */

import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Timestamp } from '../../protocol/timestamps.ts';
import { nodeIdOf } from '../certificates.ts';
import type { Identity } from '../identity.ts';
import type { Network, Peer } from '../peer.ts';
import { admitFrame } from './admission.ts';
import { refuseConnection, serveConnection } from './connection.ts';
import { Handshakes } from './handshakes.ts';
import type { ServerSession, SessionEvent } from './server-session.ts';

/** What the network's own programs allow. */
const MAX_CONNECTIONS_OF_PEER = 10;
const HANDSHAKE_TIMEOUT_MS = 5_000;

/** What the listener tells about its work, with the node ID of the peer that it is about. */
export interface ListenerReports {
  readonly count: (name: ListenerCount, peerId: string | undefined, amount?: number) => void;
  readonly log: (level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** `Handshakes.dropped`: connections that did not finish their handshake when many did not. */
export type ListenerCount =
  | 'Connections'
  | 'Connections.refused'
  | 'Handshakes.failed'
  | 'Handshakes.dropped'
  | 'Messages.received'
  | 'Messages.refused'
  | 'Network.unreadable'
  | 'Sessions.failed';

export interface ListenerTools {
  /** In PEM: the server certificate, which the authority's root has signed, and its key. */
  readonly identity: Identity;
  /** As it is now. Asked at each connection. */
  readonly network: () => Network;
  /** Puts messages into the peer's queue. @returns how many of them, from the first one on, are there now; never throws */
  readonly store: (peer: Peer, bodies: readonly string[]) => Promise<number>;
  readonly now: () => Timestamp;
  readonly reports: ListenerReports;
}

export class StompListener {
  readonly #tools: ListenerTools;
  readonly #server: Server;
  readonly #handshakes: Handshakes;
  readonly #sessions = new Map<ServerSession, { readonly socket: TLSSocket; readonly peerId: string }>();
  #isClosing = false;

  constructor(tools: ListenerTools) {
    this.#tools = tools;
    const { certificate, key } = tools.identity;
    const { count } = tools.reports;
    this.#handshakes = new Handshakes(() => count('Handshakes.dropped', undefined));
    this.#server = createServer({
      minVersion: 'TLSv1.3',
      cert: certificate,
      key,
      // Nobody else is trusted: each peer presents what this root has signed for it.
      ca: tools.network().rootCertificate,
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    this.#server.on('connection', (socket: Socket) => this.#handshakes.begun(socket));
    this.#server.on('tlsClientError', () => count('Handshakes.failed', undefined));
    this.#server.on('secureConnection', (socket) => {
      this.#handshakes.done(socket);
      this.#serve(socket);
    });
  }

  /** @param place the port may be 0 for any. @returns the port */
  async listen(place: { readonly port: number; readonly host?: string }): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(place, resolve);
    await promise;
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections of peers there are. */
  get connectionCount(): number {
    return this.#sessions.size;
  }

  /** Ends the connections of peers that may not connect any more. To be called when the network has changed. */
  networkChanged(): void {
    for (const [session, { peerId }] of this.#sessions) {
      const reason = this.#refusalOf(peerId);
      if (reason !== undefined) {
        session.finish(reason);
      }
    }
  }

  /** Takes no more connections, lets each finish what it has read, and then ends it. @returns when all are closed */
  async close(): Promise<void> {
    this.#isClosing = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#handshakes.dropAll();
    const closed = [...this.#sessions].map(([session, { socket }]) => {
      session.finish('The server goes down. Please connect again.');
      return new Promise((resolved) => socket.once('close', resolved));
    });
    await Promise.all([promise, ...closed]);
  }

  #serve(socket: TLSSocket): void {
    const { reports } = this.#tools;
    const peerId = nodeIdOf(socket.getPeerX509Certificate()?.subject ?? '');
    const reason = this.#isClosing ? 'The server goes down.' : this.#refusalOf(peerId);
    const isTooMuch =
      reason === undefined && this.#connectionsOf(peerId).length >= MAX_CONNECTIONS_OF_PEER
        ? 'This peer has too many connections.'
        : undefined;
    const refusal = reason ?? isTooMuch;
    if (peerId === undefined || refusal !== undefined) {
      reports.count('Connections.refused', peerId);
      reports.log('warn', 'A connection is refused.', {
        peerId,
        reason: refusal,
        from: socket.remoteAddress,
      });
      refuseConnection(socket, refusal ?? '');
      return;
    }
    const peer = this.#peerOf(peerId) as Peer;
    const { destination } = this.#tools.network();
    const door = { peer, destination, now: this.#tools.now };
    const session = serveConnection(socket, {
      admit: (sent) => admitFrame(sent, door),
      store: (bodies) => this.#tools.store(peer, bodies),
      report: (event) => this.#report(event, peerId),
      closed: () => {
        this.#sessions.delete(session);
        reports.log('info', 'A connection is closed.', { peerId });
      },
    });
    this.#sessions.set(session, { socket, peerId });
    reports.count('Connections', peerId);
    reports.log('info', 'A peer has connected.', { peerId, from: socket.remoteAddress });
  }

  /** Why whoever has this certificate may not connect. */
  #refusalOf(peerId: string | undefined): string | undefined {
    if (peerId === undefined) {
      return 'The certificate is not one of a node of the network.';
    }
    switch (this.#peerOf(peerId)?.state) {
      case 'active':
        return undefined;
      case 'pending':
        return 'This peer is not active yet.';
      case 'deactivated':
        return 'This peer is deactivated.';
      default:
        return 'This peer is unknown.';
    }
  }

  #peerOf(peerId: string): Peer | undefined {
    return this.#tools
      .network()
      .peers.find(({ nodeId, reach }) => nodeId === peerId && reach.kind === 'stomp');
  }

  #connectionsOf(peerId: string | undefined) {
    return [...this.#sessions.values()].filter((each) => each.peerId === peerId);
  }

  #report(event: SessionEvent, peerId: string): void {
    const { count, log } = this.#tools.reports;
    switch (event.kind) {
      case 'received':
        count('Messages.received', peerId, event.count);
        return;
      case 'refused':
        count('Messages.refused', peerId);
        log('warn', 'A message is refused.', { peerId, reason: event.reason });
        return;
      default:
        count('Sessions.failed', peerId);
        log('warn', 'A connection is ended.', { peerId, reason: event.reason });
    }
  }
}
