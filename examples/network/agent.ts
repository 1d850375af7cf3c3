/**
 * An agent of the network in its smallest form: a server that takes messages from the authority, and a client that sends to it.
 * Both together are a transport for a client of the library.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Delivery, Transport } from '../../lib/client/client.ts';
import { type IncomingMessage, printMessage } from '../../lib/client/messages.ts';
import { parseManifest } from '../../lib/peers/manifest.ts';
import type { StompReach } from '../../lib/peers/peer.ts';
import { sendOverConnection } from '../../lib/peers/sender/peer-connection.ts';
import { frame, printFrame } from '../../lib/peers/stomp/frame.ts';
import { FrameParser } from '../../lib/peers/stomp/frame-parser.ts';

export class Agent implements Transport {
  readonly #folder: string;
  readonly #server: Server;
  #received: Delivery[] = [];
  #arrived = Promise.withResolvers<void>();
  /** What acknowledges each delivery, by its handle. */
  readonly #receipts = new Map<string, () => void>();
  #receivedCount = 0;
  #sentCount = 0;

  /** @param folder of the agent's node, as make-network.ts makes it */
  constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer(
      {
        minVersion: 'TLSv1.3',
        cert: this.#read('server.crt'),
        key: this.#read('server.key'),
        ca: this.#read('root-ca.crt'),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (socket) => this.#serve(socket),
    );
  }

  listen(): Promise<void> {
    const file = join('nodeinfo', 'stomp.toml');
    const { servers } = parseManifest({ file, content: this.#read(file) }, '');
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ ...servers[0] }, resolve);
    });
  }

  close(): void {
    this.#server.close();
  }

  /** Sends messages to the authority. @throws {Error} when the authority refuses one, or can't be reached */
  async send(messages: readonly IncomingMessage[]): Promise<void> {
    const authorityId = '1234abcd';
    const read = (...names: string[]): string => this.#read(join('peers', authorityId, ...names));
    const file = join('nodeinfo', 'stomp.toml');
    const reach: StompReach = {
      kind: 'stomp',
      address: parseManifest({ file, content: read(file) }, ''),
      rootCertificate: read('root-ca.crt'),
      subCertificate: read('sub-ca.crt'),
    };
    const { receipted, refused, failure } = await sendOverConnection(
      messages.map((message) => ({
        id: `${++this.#sentCount}`,
        type: message.type,
        body: printMessage(message),
      })),
      { nodeId: authorityId, reach },
      {
        identity: { certificate: this.#read('server.crt'), key: this.#read('server.key') },
        random: Math.random,
        maxMs: () => 10_000,
      },
    );
    if (receipted < messages.length) {
      throw new Error(refused?.reason ?? failure);
    }
  }

  /** Resolves with what came, as soon as anything has come. */
  async receive(signal: AbortSignal): Promise<readonly Delivery[]> {
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#arrived.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    this.#arrived = Promise.withResolvers();
    const deliveries = this.#received;
    this.#received = [];
    return deliveries;
  }

  /** Gives the receipts: the authority sends again what had none. */
  async acknowledge(deliveries: readonly Delivery[]): Promise<void> {
    for (const { handle } of deliveries) {
      this.#receipts.get(handle)?.();
      this.#receipts.delete(handle);
    }
  }

  #serve(socket: TLSSocket): void {
    const parser = new FrameParser();
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      parser.push(bytes);
      for (let next = parser.next(); next !== undefined; next = parser.next()) {
        const receipt = next.headers.get('receipt');
        if (next.command === 'STOMP') {
          socket.write(printFrame(frame('CONNECTED', { version: '1.2', 'heart-beat': '0,0' })));
        } else if (next.command === 'SEND') {
          this.#arrive(next.body.toString(), () =>
            socket.write(printFrame(frame('RECEIPT', { 'receipt-id': receipt }))),
          );
        }
      }
    });
  }

  #arrive(body: string, giveReceipt: () => void): void {
    const handle = `${++this.#receivedCount}`;
    this.#receipts.set(handle, giveReceipt);
    this.#received.push({ body, handle });
    this.#arrived.resolve();
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }
}
