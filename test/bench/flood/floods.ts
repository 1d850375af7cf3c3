/** The four kinds of flood that a peer, or a stranger, can send to the listener. */

import { readFileSync } from 'node:fs';
import { connect as connectPlainly } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import type { MadeNode } from '../../../examples/network/node-folders.ts';
import { sendOverConnection } from '../../../lib/peers/sender/peer-connection.ts';
import { printMessage } from '../../../lib/protocol/codec.ts';
import type { ConfigureAccount } from '../../../lib/protocol/messages.ts';

/** Who floods, and whom. */
export interface Flooding {
  readonly peer: MadeNode;
  readonly authority: MadeNode;
  readonly port: number;
  /** How many in a second: messages, or connections. */
  readonly rate: number;
}

/** Floods until it is told to stop. @returns how many messages or connections it sent */
export type Flood = (flooding: Flooding, signal: AbortSignal) => Promise<number>;

export const FLOODS: Readonly<Record<string, Flood>> = {
  'valid messages': valid,
  'refused messages': refused,
  'garbage after the handshake': garbage,
  'connections that say nothing': silent,
};

const DEBTOR = 0x1234abcd00000001n;
const CREDITORS = 0x0000020000000000n;
const ANOTHERS_CREDITOR = 0x0000030000000001n;
const ACCOUNTS = 100;
const BATCH = 50;

/** Calls `work` so many times a second, however long each takes. @returns how many calls were made */
async function atRate(rate: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const begunAt = performance.now();
  while (!signal.aborted) {
    const due = Math.floor(((performance.now() - begunAt) / 1_000) * rate);
    for (; count < due; count += 1) {
      // A flood does not care what becomes of it.
      work().catch(() => {});
    }
    await pause(10);
  }
  return count;
}

async function valid(flooding: Flooding, signal: AbortSignal): Promise<number> {
  let account = 0;
  const connections = await atRate(flooding.rate / BATCH, signal, () =>
    sendAll(
      flooding,
      Array.from({ length: BATCH }, () => CREDITORS + BigInt(1 + (account++ % ACCOUNTS))),
    ),
  );
  return connections * BATCH;
}

/** Each ends its connection. */
function refused(flooding: Flooding, signal: AbortSignal): Promise<number> {
  return atRate(flooding.rate, signal, () => sendAll(flooding, [ANOTHERS_CREDITOR]));
}

function garbage(flooding: Flooding, signal: AbortSignal): Promise<number> {
  const { cert, key, ca } = credentials(flooding);
  const { port } = flooding;
  return atRate(flooding.rate, signal, async () => {
    const socket = connect({ host: '127.0.0.1', port, cert, key, ca, checkServerIdentity: () => undefined });
    socket.on('error', () => {});
    socket.write(Buffer.alloc(16_384, 'garbage'));
    socket.resume();
    socket.end();
  });
}

function silent({ port, rate }: Flooding, signal: AbortSignal): Promise<number> {
  return atRate(rate, signal, async () => {
    const socket = connectPlainly({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    socket.on('close', () => socket.destroy());
  });
}

function credentials({ peer, authority }: Flooding) {
  const read = (...names: string[]): string => readFileSync(join(peer.folder, ...names), 'utf8');
  const ofAuthority = (name: string): string => read('peers', authority.nodeId, name);
  const [certificate, subCertificate, ca] = [
    read('server.crt'),
    ofAuthority('sub-ca.crt'),
    ofAuthority('root-ca.crt'),
  ];
  return {
    certificate,
    subCertificate,
    cert: `${certificate}\n${subCertificate}`,
    key: read('server.key'),
    ca,
  };
}

function sendAll(flooding: Flooding, creditorIds: readonly bigint[]): Promise<unknown> {
  const { certificate, subCertificate, key, ca } = credentials(flooding);
  const ts = BigInt(Date.now()) * 1_000n;
  const messages = creditorIds.map((creditorId, index) => {
    const message: ConfigureAccount = {
      type: 'ConfigureAccount',
      debtorId: DEBTOR,
      creditorId,
      negligibleAmount: 0,
      configFlags: 0,
      configData: '',
      ts,
      seqnum: index,
    };
    return { id: `${index}`, type: message.type, body: printMessage(message) };
  });
  const address = {
    servers: [{ host: '127.0.0.1', port: flooding.port }],
    host: '/',
    destination: '/exchange/accounts_in',
    login: undefined,
    passcode: undefined,
  };
  return sendOverConnection(
    messages,
    {
      nodeId: flooding.authority.nodeId,
      reach: { kind: 'stomp', address, rootCertificate: ca, subCertificate },
    },
    { identity: { certificate, key }, random: Math.random, maxMs: () => 60_000 },
  );
}
