/** The small network of docs/network.md: its three commands as they are written there, except for the folder and the ports. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printMessage } from '../../../lib/protocol/codec.ts';
import type { PrepareTransfer } from '../../../lib/protocol/messages.ts';
import { MAX_TIMESTAMP } from '../../../lib/protocol/timestamps.ts';
import { runCommand } from '../support/commands.ts';
import { prepareRestartableRun, type RestartableRun, type StartedRun } from './support/restartable-run.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/network.md'), 'utf8');

const DEBTOR = 0x1234abcd00000001n;
const ALICE = 0x0000020000000001n;

let run: RestartableRun;
let startFlags: string[];
let started: StartedRun | undefined;

beforeAll(async () => {
  run = await prepareRestartableRun();
});

afterAll(async () => {
  await started?.stop();
  run?.remove();
});

/** The lines of the block that makes a network, without comments. */
function commands(): string[] {
  const block = /```sh\n(npx node examples\/network\/make-network\.ts [^`]*)```/.exec(GUIDE)?.[1] ?? '';
  return block
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/\s+#.*/, ''));
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const isListening = Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  server.listen(port, '127.0.0.1');
  const answer = await isListening.catch(() => false);
  server.close();
  return answer;
}

/** The authority's port, and behind it those of the two agents. */
async function threeFreePorts(): Promise<number> {
  for (let port = 21_234; port < 30_000; port += 3) {
    if ((await isFree(port)) && (await isFree(port + 1)) && (await isFree(port + 2))) {
      return port;
    }
  }
  throw new Error('no three ports in a row are free');
}

describe('The network of docs/network.md', () => {
  it('lets two peers pay each other in three commands', async () => {
    const folder = join(run.folder, 'network');
    const port = `${await threeFreePorts()}`;
    const [make = [], start = [], pay = []] = commands().map((line) =>
      line
        .replaceAll('/tmp/network', folder)
        .replaceAll(/\b1234$/g, port)
        .split(' '),
    );
    expect([make, start, pay].map((words) => words.slice(0, 3))).toStrictEqual([
      ['npx', 'node', 'examples/network/make-network.ts'],
      ['npm', 'start', '--'],
      ['npx', 'node', 'examples/network/pay.ts'],
    ]);
    // The example's own ports, those of the guide, may be taken here.
    const made = await runCommand(make[2] as string, [...make.slice(3), port]);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    startFlags = start.slice(3);
    started = run.start(...startFlags);
    await started.whenReady;
    expect(await runCommand(pay[2] as string, pay.slice(3))).toStrictEqual({
      status: 0,
      stderr: '',
      stdout: [
        'The debtors agent has opened a currency, the creditors agent accounts for Alice and Bob.',
        'The debtors agent has issued 100 to Alice, who has 100.',
        'Alice has paid 40 to Bob, who has 40.',
        '',
      ].join('\n'),
    });
  });

  it('gives back what a deactivated peer holds, and removes its queues only when nothing is left', async () => {
    const authority = join(run.folder, 'network', 'authority');
    const outputs = ['--outputs', join(run.folder, '.local', 'outputs.json')];
    const peers = (...args: string[]) =>
      runCommand('bin/peers.ts', [...args, '--peers', authority, ...outputs]);
    const list = await runCommand('bin/peers.ts', ['list', '--peers', authority]);
    const [nodeId = ''] = /^[0-9a-f]{32}(?= +creditors-agent)/m.exec(list.stdout) ?? [];
    await lockSomething();
    expect((await peers('drain', nodeId)).stderr).toBe(
      `Peer ${nodeId} is active; run npm run peers -- deactivate ${nodeId} and deploy first.\n`,
    );
    expect((await peers('deactivate', nodeId)).status).toBe(0);
    expect((await peers('drain', nodeId)).stderr).toBe(
      `Messages are still sent to peer ${nodeId}; deploy (or start the local run again) so that the stack knows that it is deactivated.\n`,
    );
    await started?.stop();
    started = run.start(...startFlags);
    await started.whenReady;

    expect((await peers('drain', nodeId, '--dry-run')).stdout).toMatch(
      /^Would dismiss 1 prepared transfers, schedule 2 accounts for deletion, and throw away \d+ messages for the peer\.\n/,
    );
    const killed = spawnTool('peers', ['drain', nodeId, '--peers', authority, ...outputs]);
    await once(killed.stderr, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const drained = await peers('drain', nodeId);
    expect([drained.status, drained.stdout]).toStrictEqual([
      0,
      expect.stringMatching(
        /Accounts of the peer that are there: 2\.\n {2}2: scheduled for deletion, which is tried from \d{4}-\d\d-\d\d\nDrained, as far as it can be today\./,
      ),
    ]);
    expect((await peers('drain', nodeId)).stdout).toMatch(
      /^Dismissed 0 prepared transfers, scheduled 0 accounts for deletion, and threw away 0 messages/,
    );
    const balances = await runCommand('bin/balances.ts', [`${DEBTOR}`, ...outputs]);
    expect(balances.stdout.match(/scheduled for deletion/g)?.length).toBe(2);
    const removal = await peers('remove', nodeId);
    expect([removal.status, removal.stdout]).toStrictEqual([
      1,
      '2 accounts of the peer are there; npm run peers -- drain tells why. Nothing was removed; --leave-accounts leaves them to nobody.\n',
    ]);
    expect(await peers('remove', nodeId, '--leave-accounts')).toMatchObject({ status: 0, stderr: '' });
    expect((await runCommand('bin/peers.ts', ['list', '--peers', authority])).stdout).not.toContain(nodeId);
  });

  it('has switches for the mappings of its peers', async () => {
    const { stdout } = await runCommand('bin/pause.ts', [
      '--dry-run',
      '--outputs',
      join(run.folder, '.local', 'outputs.json'),
    ]);
    // Both in queues, and the out queue of the peer that is active.
    expect(stdout.match(/queue \S+-peer-[0-9a-f]{32}-\S+ → \S+: would be paused/g)?.length).toBe(3);
  });
});

/** Alice's last request before her agent is refused. */
async function lockSomething(): Promise<void> {
  const { Endpoint, IncomingQueueUrl } = run.outputs() as { Endpoint: string; IncomingQueueUrl: string };
  const client = new SQSClient({
    endpoint: Endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const request: PrepareTransfer = {
    type: 'PrepareTransfer',
    debtorId: DEBTOR,
    creditorId: ALICE,
    coordinatorType: 'direct',
    coordinatorId: ALICE,
    coordinatorRequestId: 77n,
    minLockedAmount: 5n,
    maxLockedAmount: 5n,
    recipient: `${ALICE + 1n}`,
    finalInterestRateTs: MAX_TIMESTAMP,
    maxCommitDelay: 86_400,
    ts: BigInt(Date.now()) * 1_000n,
  };
  await client.send(
    new SendMessageCommand({ QueueUrl: IncomingQueueUrl, MessageBody: printMessage(request) }),
  );
  client.destroy();
}

function spawnTool(name: string, args: readonly string[]) {
  const file = join(import.meta.dirname, '../../../bin', `${name}.ts`);
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}
