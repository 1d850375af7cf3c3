/** An agent of the network in its smallest form: a server that takes messages from the authority, and a client that sends to it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { parseManifest } from '../../lib/peers/manifest.ts';
import type { StompReach } from '../../lib/peers/peer.ts';
import { sendOverConnection } from '../../lib/peers/sender/peer-connection.ts';
import { frame, printFrame } from '../../lib/peers/stomp/frame.ts';
import { FrameParser } from '../../lib/peers/stomp/frame-parser.ts';
import { parseOutgoingMessage, printMessage } from '../../lib/protocol/codec.ts';
import type { IncomingMessage, OutgoingMessage } from '../../lib/protocol/messages.ts';

export class Agent {
  readonly #folder: string;
  readonly #server: Server;
  readonly #received: OutgoingMessage[] = [];
  #arrived = Promise.withResolvers<void>();
  #sent = 0;

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

  /** Sends a message to the authority. @throws {Error} when the authority refuses it, or can't be reached */
  async send(message: IncomingMessage): Promise<void> {
    this.#sent += 1;
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
      [{ id: `${this.#sent}`, type: message.type, body: printMessage(message) }],
      { nodeId: authorityId, reach },
      {
        identity: { certificate: this.#read('server.crt'), key: this.#read('server.key') },
        random: Math.random,
        maxMs: () => 10_000,
      },
    );
    if (receipted === 0) {
      throw new Error(refused?.reason ?? failure);
    }
  }

  /** Waits for a message of this type, and takes it. */
  async take<Type extends OutgoingMessage['type']>(
    type: Type,
    isWanted: (message: OutgoingMessage & { readonly type: Type }) => boolean = () => true,
  ): Promise<OutgoingMessage & { readonly type: Type }> {
    for (;;) {
      const arrived = this.#arrived.promise;
      const index = this.#received.findIndex(
        (message) => message.type === type && isWanted(message as OutgoingMessage & { readonly type: Type }),
      );
      if (index !== -1) {
        return this.#received.splice(index, 1)[0] as OutgoingMessage & { readonly type: Type };
      }
      await arrived;
    }
  }

  /** Takes every message, and gives a receipt for each. */
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
          this.#received.push(parseOutgoingMessage(next.body.toString()));
          this.#arrived.resolve();
          this.#arrived = Promise.withResolvers();
          socket.write(printFrame(frame('RECEIPT', { 'receipt-id': receipt })));
        }
      }
    });
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }
}
