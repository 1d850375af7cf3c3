/** The very bundle that the listener's image contains, as a process, with queues of the emulator. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MadeNetwork, MadeNode } from '../../../examples/network/node-folders.ts';
import { createImageFolder } from '../../../lib/infrastructure/peers/listener-image.ts';
import {
  type LocalQueue,
  type QueueAndTopicEmulator,
  startQueueAndTopicEmulator,
} from '../../../lib/local/emulators/queue-and-topic-emulator.ts';
import { networkOnDisk } from '../support/networks.ts';
import { configureAccount, credentialsOf, sendHeaders, TestPeer } from '../support/test-peer.ts';

const scratch = mkdtempSync(join(tmpdir(), 'listener-process-test-'));
const bundle = join(createImageFolder(resolve(import.meta.dirname, '../../../bin'), scratch), 'index.mjs');

/** Sent long ago, so that no clock minds. */
const BODY = configureAccount(2_199_023_255_553n, '2020-01-01T00:00:00+00:00');

let made: MadeNetwork;
let creditors: MadeNode;
let emulator: QueueAndTopicEmulator;
let queue: LocalQueue;
const children: ChildProcess[] = [];

beforeAll(async () => {
  made = await networkOnDisk();
  [creditors] = made.peers as [MadeNode];
  emulator = await startQueueAndTopicEmulator({
    port: 0,
    flag: '--port',
    patienceMs: 0,
    folder: join(scratch, 'queues'),
    onPublished: () => {},
  });
  queue = emulator.putQueue(`Main-peer-${creditors.nodeId}-ca-000002-in`, {});
});
afterEach(() => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
});
afterAll(async () => {
  await emulator.stop();
  rmSync(scratch, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the process with nothing in its environment but what its stack gives it. */
async function start(changes: Readonly<Record<string, string>> = {}) {
  const read = (name: string): string => readFileSync(join(made.authority.folder, name), 'utf8');
  const [port, healthPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [bundle], {
    cwd: scratch,
    env: {
      STACK_NAME: 'Main',
      QUEUE_URL_BASE: `${emulator.endpoint}/000000000000/`,
      STOMP_IDENTITY: JSON.stringify({ certificate: read('server.crt'), key: read('server.key') }),
      NODE_FOLDER: made.authority.folder,
      PORT: `${port}`,
      HEALTH_PORT: `${healthPort}`,
      METRICS_NAMESPACE: 'Space',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_SQS: emulator.endpoint,
      ...changes,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: Record<string, unknown>[] = [];
  let trouble = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    trouble += text;
  });
  const listening = Promise.withResolvers<void>();
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line));
    if (lines.at(-1)?.message === 'Listening.') {
      listening.resolve();
    }
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  await Promise.race([listening.promise, ended]);
  return { child, port, healthPort, lines, ended, trouble: () => trouble };
}

describe('The bundle of the listener', () => {
  it('listens, stores what peers send, tells its health, and ends in order', async () => {
    const { child, port, healthPort, lines, ended } = await start();
    expect((await fetch(`http://127.0.0.1:${healthPort}/`)).status).toBe(200);
    const peer = new TestPeer(port, credentialsOf(creditors, made.authority));
    await peer.hello();
    peer.send('SEND', sendHeaders('1'), BODY);
    expect(await peer.next()).toStrictEqual(['RECEIPT', { 'receipt-id': '1' }, '']);
    expect(queue.receive(10).map(({ body }) => body)).toStrictEqual([BODY]);
    child.kill('SIGTERM');
    expect((await peer.next())?.[0]).toBe('ERROR');
    expect(await ended).toBe(0);
    expect(lines.at(-1)).toMatchObject({ peer: creditors.nodeId, Connections: 1, 'Messages.received': 1 });
    expect(lines.map(({ message }) => message).filter((message) => message !== undefined)).toStrictEqual([
      'Listening.',
      'A peer has connected.',
      'A connection is ended.',
      'A connection is closed.',
      'Stopped.',
    ]);
  });

  it('gives no receipt when the queue can not be reached', async () => {
    const { port } = await start({ QUEUE_URL_BASE: `http://127.0.0.1:${await freePort()}/` });
    const peer = new TestPeer(port, credentialsOf(creditors, made.authority));
    await peer.hello();
    peer.send('SEND', sendHeaders('1'), BODY);
    expect(await peer.next()).toStrictEqual([
      'ERROR',
      { message: 'Messages can not be stored now. Please send them again later.' },
      '',
    ]);
  });

  it('does not start on a folder that describes no network, nor without what it needs', async () => {
    const folder = join(scratch, 'wrong');
    cpSync(made.authority.folder, folder, { recursive: true });
    writeFileSync(join(folder, 'db', 'nodeid'), 'nobody');
    const wrong = await start({ NODE_FOLDER: folder });
    expect(await wrong.ended).toBe(1);
    expect(wrong.trouble()).toContain('the node ID must be 8 lower-case hexadecimal digits');
    const without = await start({ STOMP_IDENTITY: '{}' });
    expect(await without.ended).toBe(1);
    expect(without.trouble()).toContain('must be {"certificate": "…", "key": "…"}');
  });
});
