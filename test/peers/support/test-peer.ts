/** A peer for tests: connects as the network's own clients do, and lets the test choose every byte. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import type { MadeNode } from '../../../examples/network/node-folders.ts';
import { type Frame, frame, printFrame } from '../../../lib/peers/stomp/frame.ts';
import { FrameParser } from '../../../lib/peers/stomp/frame-parser.ts';

export interface Credentials {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** With the node's server certificate, what the other node vouches for, and the other's root as the only trusted one. */
export function credentialsOf(node: MadeNode, other: MadeNode): Credentials {
  const read = (...names: string[]): string => readFileSync(join(node.folder, ...names), 'utf8');
  return {
    cert: read('server.crt') + read('peers', other.nodeId, 'sub-ca.crt'),
    key: read('server.key'),
    ca: read('peers', other.nodeId, 'root-ca.crt'),
  };
}

export class TestPeer {
  readonly socket: TLSSocket;
  /** The socket is closed; whether it was for an error. */
  readonly closed: Promise<boolean>;
  readonly #parser = new FrameParser();
  readonly #frames: Frame[] = [];
  #waiting: ((next: Frame | undefined) => void) | undefined;
  #isClosed = false;

  constructor(port: number, credentials: Partial<Credentials>) {
    this.socket = connect({
      host: '127.0.0.1',
      port,
      ...credentials,
      minVersion: 'TLSv1.3',
      checkServerIdentity: () => undefined,
    });
    this.socket.on('error', () => {});
    this.socket.on('data', (bytes) => {
      this.#parser.push(bytes);
      for (let next = this.#parser.next(); next !== undefined; next = this.#parser.next()) {
        this.#frames.push(next);
      }
      this.#answer();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (hadError) => {
        this.#isClosed = true;
        this.#answer();
        resolve(hadError);
      });
    });
  }

  send(command: string, headers: Readonly<Record<string, string>>, body = ''): void {
    this.socket.write(printFrame(frame(command, headers, Buffer.from(body))));
  }

  /** The next frame that comes, as command, headers and body; `undefined` when the connection is closed instead. */
  async next(): Promise<readonly [string, Readonly<Record<string, string>>, string] | undefined> {
    const next = await new Promise<Frame | undefined>((resolve) => {
      this.#waiting = resolve;
      this.#answer();
    });
    return next && [next.command, Object.fromEntries(next.headers), next.body.toString()];
  }

  /** Says hello and waits for the answer. */
  async hello(heartBeat = '0,0'): Promise<void> {
    this.send('STOMP', { 'accept-version': '1.2', host: '/', 'heart-beat': heartBeat });
    const answer = await this.next();
    if (answer?.[0] !== 'CONNECTED') {
      throw new Error(`instead of CONNECTED came ${JSON.stringify(answer)}`);
    }
  }

  #answer(): void {
    if (this.#waiting !== undefined && (this.#frames.length > 0 || this.#isClosed)) {
      const resolve = this.#waiting;
      this.#waiting = undefined;
      resolve(this.#frames.shift());
    }
  }
}

/** The headers with which the network's programs send a message. */
export function sendHeaders(receipt: string, changes: Readonly<Record<string, string>> = {}) {
  return {
    destination: '/exchange/accounts_in',
    type: 'ConfigureAccount',
    'content-type': 'application/json',
    persistent: 'true',
    receipt,
    ...changes,
  };
}

/** A ConfigureAccount from the creditors agent for `000002`, in the form that the codec prints. */
export function configureAccount(creditorId = 2_199_023_255_553n, ts = '2027-01-15T08:00:00+00:00'): string {
  return (
    `{"type":"ConfigureAccount","debtor_id":1311862288428302337,"creditor_id":${creditorId},` +
    '"negligible_amount":0.0,"config_flags":0,"config_data":"",' +
    `"ts":"${ts}","seqnum":0}`
  );
}
