/** A peer's server for tests: takes connections as the network's own servers do, and answers as the test says. */

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach } from 'vitest';
import type { MadeNode } from '../../../examples/network/node-folders.ts';
import { type Frame, frame, printFrame } from '../../../lib/peers/stomp/frame.ts';
import { FrameParser } from '../../../lib/peers/stomp/frame-parser.ts';

/** What the server does with one frame. */
export type Behaviour = (next: Frame, answer: Answers) => void;

export interface Answers {
  readonly send: (command: string, headers: Readonly<Record<string, string>>) => void;
  readonly close: () => void;
  /** The number of this connection, from 1 on. */
  readonly connection: number;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
});

/** @returns the port, and the commands that came, each with its connection's number and its receipt */
export async function serverOf(node: MadeNode, behave: Behaviour) {
  const read = (name: string): string => readFileSync(join(node.folder, name), 'utf8');
  const heard: string[] = [];
  const frames: Frame[] = [];
  let connections = 0;
  const server = createServer(
    {
      minVersion: 'TLSv1.3',
      cert: read('server.crt'),
      key: read('server.key'),
      ca: read('root-ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (socket: TLSSocket) => {
      connections += 1;
      const connection = connections;
      const parser = new FrameParser();
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        parser.push(bytes);
        for (let next = parser.next(); next !== undefined; next = parser.next()) {
          heard.push(`${connection} ${next.command} ${next.headers.get('receipt') ?? ''}`.trim());
          frames.push(next);
          behave(next, {
            connection,
            send: (command, headers) => socket.write(printFrame(frame(command, headers))),
            close: () => socket.end(),
          });
        }
      });
    },
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1' }, resolve));
  return { port: (server.address() as AddressInfo).port, heard, frames };
}

/** Says hello and gives a receipt for each message. */
export const OBLIGING: Behaviour = ({ command, headers }, { send }) => {
  if (command === 'STOMP') {
    send('CONNECTED', { version: '1.2', 'heart-beat': '5000,30000' });
  } else if (command === 'SEND') {
    send('RECEIPT', { 'receipt-id': headers.get('receipt') ?? '' });
  }
};
