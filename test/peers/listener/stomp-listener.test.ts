import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  makeKeys,
  makePeerCertificate,
  makeRoot,
  makeServerCertificate,
  nameOf,
  printPrivateKey,
} from '../../../examples/network/certificates.ts';
import type { MadeNetwork, MadeNode } from '../../../examples/network/node-folders.ts';
import { MAX_HANDSHAKES } from '../../../lib/peers/listener/handshakes.ts';
import { type ListenerTools, StompListener } from '../../../lib/peers/listener/stomp-listener.ts';
import { readNodeFolder } from '../../../lib/peers/node-folder.ts';
import type { Network, Peer, PeerState } from '../../../lib/peers/peer.ts';
import { networkOnDisk } from '../support/networks.ts';
import {
  type Credentials,
  configureAccount,
  credentialsOf,
  sendHeaders,
  TestPeer,
} from '../support/test-peer.ts';

/** 2027-01-15T08:00:00Z. */
const NOW = 1_800_000_000_000_000n;

let made: MadeNetwork;
let network: Network;
let creditors: MadeNode;
let debtors: MadeNode;
beforeAll(async () => {
  made = await networkOnDisk();
  network = readNodeFolder(made.authority.folder);
  [creditors, debtors] = made.peers as [MadeNode, MadeNode];
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface Running {
  readonly listener: StompListener;
  readonly port: number;
  readonly stored: (readonly [peerId: string, body: string])[];
  readonly counts: Record<string, number>;
  readonly logs: unknown[];
}

async function running(changes: Partial<ListenerTools> = {}): Promise<Running> {
  const stored: [string, string][] = [];
  const counts: Record<string, number> = {};
  const logs: unknown[] = [];
  const read = (name: string): string => readFileSync(join(made.authority.folder, name), 'utf8');
  const listener = new StompListener({
    identity: { certificate: read('server.crt'), key: read('server.key') },
    network: () => network,
    store: async ({ nodeId }, bodies) => {
      stored.push(...bodies.map((body): [string, string] => [nodeId, body]));
      return bodies.length;
    },
    now: () => NOW,
    reports: {
      count: (name, _peerId, amount = 1) => {
        counts[name] = (counts[name] ?? 0) + amount;
      },
      log: (level, message, details) => logs.push([level, message, details]),
    },
    ...changes,
  });
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  closers.push(() => listener.close());
  return { listener, port, stored, counts, logs };
}

function peerAt(port: number, credentials: Partial<Credentials>): TestPeer {
  const peer = new TestPeer(port, credentials);
  closers.unshift(() => peer.socket.destroy());
  return peer;
}

const asCreditors = (port: number): TestPeer => peerAt(port, credentialsOf(creditors, made.authority));
const asDebtors = (port: number): TestPeer => peerAt(port, credentialsOf(debtors, made.authority));

/** The network with the creditors agent in another state. */
function withState(state: PeerState): Network {
  const changed = (peer: Peer): Peer => (peer.nodeId === creditors.nodeId ? { ...peer, state } : peer);
  return { ...network, peers: network.peers.map(changed) };
}

describe('A peer', () => {
  it('connects with what the authority vouches for, sends, and gets receipts', async () => {
    const { port, stored, counts } = await running();
    const peer = asCreditors(port);
    peer.send('STOMP', { 'accept-version': '1.1,1.2', host: '/', 'heart-beat': '5000,30000' });
    expect(await peer.next()).toStrictEqual([
      'CONNECTED',
      { version: '1.2', 'heart-beat': '5000,30000' },
      '',
    ]);
    peer.send('SEND', sendHeaders('m:1'), configureAccount());
    expect(await peer.next()).toStrictEqual(['RECEIPT', { 'receipt-id': 'm:1' }, '']);
    expect(stored).toStrictEqual([[creditors.nodeId, configureAccount()]]);
    peer.send('DISCONNECT', { receipt: 'm:1' });
    expect(await peer.next()).toBeUndefined();
    expect(counts).toStrictEqual({ Connections: 1, 'Messages.received': 1 });
  });

  it.each([
    [{ destination: '/exchange/other' }, configureAccount(), 'destination: must be /exchange/accounts_in'],
    [{ 'content-type': 'text/plain' }, configureAccount(), 'content-type: must be application/json'],
    [{ type: 'PrepareTransfer' }, configureAccount(), "type: the header must be the message's type"],
    [{}, '[]', 'the JSON is not an object'],
    [
      {},
      configureAccount(1_099_511_627_777n),
      "creditor_id: must be one of this creditors agent's, which begin with 000002",
    ],
  ])(
    'whose message is refused gets the reason, with its receipt, and the end (%j)',
    async (changes, body, reason) => {
      const { port, stored, counts, logs } = await running();
      const peer = asCreditors(port);
      await peer.hello();
      peer.send('SEND', sendHeaders('1'), configureAccount());
      peer.send('SEND', sendHeaders('2', changes), body);
      peer.send('SEND', sendHeaders('3'), configureAccount());
      expect([await peer.next(), await peer.next(), await peer.next()]).toStrictEqual([
        ['RECEIPT', { 'receipt-id': '1' }, ''],
        ['ERROR', { message: reason, 'receipt-id': '2' }, ''],
        undefined,
      ]);
      expect(stored).toHaveLength(1);
      expect(counts).toMatchObject({ 'Messages.refused': 1, 'Messages.received': 1 });
      expect(logs).toContainEqual(['warn', 'A message is refused.', { peerId: creditors.nodeId, reason }]);
    },
  );

  it('whose body is not UTF-8 gets the reason', async () => {
    const { port } = await running();
    const peer = asCreditors(port);
    await peer.hello();
    const [head = ''] = [
      Object.entries(sendHeaders('1'))
        .map(([name, value]) => `${name}:${value}\n`)
        .join(''),
    ];
    peer.socket.write(Buffer.from(`SEND\n${head}\n\xff\0`, 'latin1'));
    expect(await peer.next()).toStrictEqual([
      'ERROR',
      { message: 'the body is not UTF-8', 'receipt-id': '1' },
      '',
    ]);
  });

  it('speaks only for itself: what a creditors agent may send, a debtors agent may not', async () => {
    const { port } = await running();
    const peer = asDebtors(port);
    await peer.hello();
    peer.send('SEND', sendHeaders('1'), configureAccount());
    expect(await peer.next()).toStrictEqual([
      'ERROR',
      { message: 'creditor_id: must be 0 when a debtors agent sends it', 'receipt-id': '1' },
      '',
    ]);
  });

  it.each([
    ['pending', 'This peer is not active yet.'],
    ['deactivated', 'This peer is deactivated.'],
  ] as const)('that is %s is told so, and nothing else', async (state, message) => {
    const { port, counts } = await running({ network: () => withState(state) });
    const peer = asCreditors(port);
    expect([await peer.next(), await peer.next()]).toStrictEqual([['ERROR', { message }, ''], undefined]);
    expect(counts).toStrictEqual({ 'Connections.refused': 1 });
  });

  it('that the network no longer has is told so at its next connection, and its connections end', async () => {
    let now = network;
    const { port, listener } = await running({ network: () => now });
    const peer = asCreditors(port);
    const other = asDebtors(port);
    await Promise.all([peer.hello(), other.hello()]);
    now = { ...network, peers: network.peers.filter(({ nodeId }) => nodeId !== creditors.nodeId) };
    listener.networkChanged();
    expect(await peer.next()).toStrictEqual(['ERROR', { message: 'This peer is unknown.' }, '']);
    expect(await peer.next()).toBeUndefined();
    expect(await asCreditors(port).next()).toStrictEqual(['ERROR', { message: 'This peer is unknown.' }, '']);
    expect(listener.connectionCount).toBe(1);
  });

  it('has ten connections and no more, and its eleventh disturbs none of them', async () => {
    const { port } = await running();
    const ten = Array.from({ length: 10 }, () => asCreditors(port));
    await Promise.all(ten.map((peer) => peer.hello()));
    expect(await asCreditors(port).next()).toStrictEqual([
      'ERROR',
      { message: 'This peer has too many connections.' },
      '',
    ]);
    await asDebtors(port).hello();
    const [first] = ten as [TestPeer];
    first.send('SEND', sendHeaders('1'), configureAccount());
    expect(await first.next()).toStrictEqual(['RECEIPT', { 'receipt-id': '1' }, '']);
    first.socket.end();
    await first.closed;
    await asCreditors(port).hello();
  });

  it('whose connection closes while the server goes down has receipts for all that it had sent', async () => {
    const { listener, port } = await running();
    const peer = asCreditors(port);
    await peer.hello();
    peer.send('SEND', sendHeaders('1'), configureAccount());
    expect(await peer.next()).toStrictEqual(['RECEIPT', { 'receipt-id': '1' }, '']);
    const closed = listener.close();
    expect(await peer.next()).toStrictEqual([
      'ERROR',
      { message: 'The server goes down. Please connect again.' },
      '',
    ]);
    await closed;
    expect(listener.connectionCount).toBe(0);
  });
});

describe('A stranger', () => {
  const isCutOff = async (peer: TestPeer): Promise<boolean> => (await peer.next()) === undefined;

  it('without a certificate is cut off', async () => {
    const { port, counts } = await running();
    const { ca } = credentialsOf(creditors, made.authority);
    expect(await isCutOff(peerAt(port, { ca }))).toBe(true);
    expect(counts).toStrictEqual({ 'Handshakes.failed': 1 });
  });

  it('for whom the authority does not vouch is cut off', async () => {
    const { port } = await running();
    const { ca } = credentialsOf(creditors, made.authority);
    const read = (name: string): string => readFileSync(join(creditors.folder, name), 'utf8');
    // Its own root is not trusted, though its certificate is a good one.
    expect(await isCutOff(peerAt(port, { ca, cert: read('server.crt'), key: read('server.key') }))).toBe(
      true,
    );
    const chain = read('server.crt') + read('root-ca.crt');
    expect(await isCutOff(peerAt(port, { ca, cert: chain, key: read('server.key') }))).toBe(true);
  });

  it('whose certificate has run out is cut off', async () => {
    const { port } = await running();
    const keys = await makeKeys();
    const expired = await makeServerCertificate(creditors.root, keys, { days: -1 });
    const { ca } = credentialsOf(creditors, made.authority);
    const vouched = readFileSync(
      join(creditors.folder, 'peers', made.authority.nodeId, 'sub-ca.crt'),
      'utf8',
    );
    const credentials = { ca, cert: `${expired}\n${vouched}`, key: await printPrivateKey(keys) };
    expect(await isCutOff(peerAt(port, credentials))).toBe(true);
  });

  it('that a peer vouches for in the name of another peer is cut off by the name constraints', async () => {
    const { port } = await running();
    // The creditors agent's root signs a server certificate that names the debtors agent.
    const keys = await makeKeys();
    const subject = nameOf('Debtors Agents', debtors.nodeId);
    const cert = await makeServerCertificate(creditors.root, keys, { subject });
    const sub = await makePeerCertificate(made.authority.root, creditors.root, '000002');
    const { ca } = credentialsOf(creditors, made.authority);
    const credentials = { ca, cert: `${cert}\n${sub}`, key: await printPrivateKey(keys) };
    expect(await isCutOff(peerAt(port, credentials))).toBe(true);
  });

  it.each([
    [
      'of another organization',
      'Others',
      '1f'.repeat(16),
      'The certificate is not one of a node of the network.',
    ],
    ['that nobody knows', undefined, '2f'.repeat(16), 'This peer is unknown.'],
  ])('%s is told so, though the root vouches for it', async (_, organization, nodeId, message) => {
    const { port } = await running();
    const root = await makeRoot(nameOf('Creditors Agents', nodeId, organization), await makeKeys());
    const keys = await makeKeys();
    const cert = await makeServerCertificate(root, keys);
    const sub = await makePeerCertificate(made.authority.root, root, '000003');
    const { ca } = credentialsOf(creditors, made.authority);
    const stranger = peerAt(port, { ca, cert: `${cert}\n${sub}`, key: await printPrivateKey(keys) });
    expect([await stranger.next(), await stranger.next()]).toStrictEqual([
      ['ERROR', { message }, ''],
      undefined,
    ]);
  });

  it('that says nothing is dropped when many do so, and peers still connect', async () => {
    const { port, counts } = await running();
    const silent: Socket[] = [];
    const opened = Array.from({ length: MAX_HANDSHAKES + 50 }, () => {
      const socket = connect({ host: '127.0.0.1', port });
      silent.push(socket);
      socket.on('error', () => {});
      return new Promise((resolve) => socket.once('connect', resolve));
    });
    closers.unshift(() => silent.map((socket) => socket.destroy()));
    await Promise.all(opened);
    await asCreditors(port).hello();
    expect(counts['Handshakes.dropped']).toBeGreaterThanOrEqual(50);
    expect(silent.filter((socket) => !socket.destroyed).length).toBeLessThanOrEqual(MAX_HANDSHAKES);
  });

  it('that sends garbage instead of TLS is cut off, however often', async () => {
    const { port, counts, listener } = await running();
    for (let round = 0; round < 20; round += 1) {
      const closed = Array.from({ length: 50 }, () => {
        const socket = connect({ host: '127.0.0.1', port }, () => socket.write(Buffer.alloc(4_096, round)));
        socket.on('error', () => {});
        socket.resume();
        return new Promise((resolve) => socket.once('close', resolve));
      });
      await Promise.all(closed);
    }
    expect((counts['Handshakes.failed'] ?? 0) + (counts['Handshakes.dropped'] ?? 0)).toBeGreaterThanOrEqual(
      1_000,
    );
    expect(listener.connectionCount).toBe(0);
    await asCreditors(port).hello();
  });
});
