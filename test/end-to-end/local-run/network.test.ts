/** The small network of docs/network.md: its three commands as they are written there, except for the folder and the ports. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countMessages } from '../../../lib/operations/queue-counts.ts';
import { printMessage } from '../../../lib/protocol/codec.ts';
import type { IncomingMessage } from '../../../lib/protocol/messages.ts';
import { MAX_TIMESTAMP } from '../../../lib/protocol/timestamps.ts';
import { eventually } from '../../support/eventually.ts';
import { runCommand } from '../support/commands.ts';
import { prepareRestartableRun, type RestartableRun, type StartedRun } from './support/restartable-run.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/network.md'), 'utf8');

const DEBTOR = 0x1234abcd00000001n;
/** Creditors of the peer inside AWS. */
const CAROL = 0x0000030000000001n;
const DAVE = 0x0000030000000002n;
const AWS_PEER = 'a0a0a0a0';

let run: RestartableRun;
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
    writeAwsPeer('active');
    started = run.start(...start.slice(3));
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

  it('gives back what a deactivated peer holds, and removes it only when nothing is left', async () => {
    const outputs = ['--outputs', join(run.folder, '.local', 'outputs.json')];
    const peers = (...args: string[]) =>
      runCommand('bin/peers.ts', [...args, '--peers', authorityFolder(), ...outputs]);
    await openAndLock();
    expect((await peers('drain', AWS_PEER)).stderr).toBe(
      `Peer ${AWS_PEER} is active; run npm run peers -- deactivate ${AWS_PEER} and deploy first.\n`,
    );
    writeAwsPeer('deactivated');
    expect((await peers('drain', AWS_PEER, '--dry-run')).stdout).toMatch(
      /^Would dismiss 1 prepared transfers, schedule 2 accounts for deletion, and throw away [1-9]\d* messages for the peer\.\n/,
    );
    const killed = spawnTool('peers', ['drain', AWS_PEER, '--peers', authorityFolder(), ...outputs]);
    await once(killed.stderr, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const drained = await peers('drain', AWS_PEER);
    expect([drained.status, drained.stdout]).toStrictEqual([
      0,
      expect.stringMatching(
        /Accounts of the peer that are there: 2\.\n {2}2: scheduled for deletion, which is tried from \d{4}-\d\d-\d\d\nDrained, as far as it can be today\./,
      ),
    ]);
    expect((await peers('drain', AWS_PEER)).stdout).toMatch(
      /^Dismissed 0 prepared transfers, scheduled 0 accounts for deletion, and threw away 0 messages/,
    );
    expect(await peers('remove', AWS_PEER)).toMatchObject({
      status: 1,
      stdout:
        '2 accounts of the peer are there; npm run peers -- drain tells why. Nothing was removed; --leave-accounts leaves them to nobody.\n',
    });
    expect((await peers('remove', AWS_PEER, '--leave-accounts')).status).toBe(0);
  });

  it('does not drain a peer to which messages are still sent', async () => {
    const peers = (...args: string[]) => runCommand('bin/peers.ts', [...args, '--peers', authorityFolder()]);
    const { stdout } = await peers('list');
    const [nodeId = ''] = /^[0-9a-f]{32}(?= +debtors-agent)/m.exec(stdout) ?? [];
    await peers('deactivate', nodeId);
    const outputs = ['--outputs', join(run.folder, '.local', 'outputs.json')];
    expect((await peers('drain', nodeId, ...outputs)).stderr).toBe(
      `Messages are still sent to peer ${nodeId}; deploy (or start the local run again) so that the stack knows that it is deactivated.\n`,
    );
  });

  it('has switches for the mappings of its peers', async () => {
    const { stdout } = await runCommand('bin/pause.ts', [
      '--dry-run',
      '--outputs',
      join(run.folder, '.local', 'outputs.json'),
    ]);
    // Three in queues, and the out queues of both peers that are reached by STOMP.
    expect(stdout.match(/queue \S+-peer-[0-9a-f]+-\S+ → \S+: would be paused/g)?.length).toBe(5);
  });
});

const authorityFolder = (): string => join(run.folder, 'network', 'authority');

/** A peer inside AWS, which the network gets beside the two others. */
function writeAwsPeer(state: 'active' | 'deactivated'): void {
  const lines = [
    `[peers.${AWS_PEER}]`,
    'type = "Creditors Agents"',
    'range = "000003"',
    'principals = ["arn:aws:iam::111122223333:root"]',
    `state = "${state}"`,
  ];
  writeFileSync(join(authorityFolder(), 'aws-peers.toml'), `${lines.join('\n')}\n`);
}

/** The peer opens two accounts, locks something, and then is not heard of any more. */
async function openAndLock(): Promise<void> {
  const stacks = JSON.parse(readFileSync(join(run.folder, '.local', 'outputs.json'), 'utf8'));
  const { Endpoint: endpoint } = stacks.SwaptacularAccounts;
  const queues = stacks[`SwaptacularAccounts-peer-${AWS_PEER}`];
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  const send = (message: IncomingMessage) =>
    client.send(
      new SendMessageCommand({ QueueUrl: queues.IncomingQueueUrl, MessageBody: printMessage(message) }),
    );
  const untilWaiting = (count: number) =>
    eventually(async () => {
      expect((await countMessages(client, queues.OutgoingQueueUrl)).waiting).toBe(count);
    });
  const common = { debtorId: DEBTOR, ts: BigInt(Date.now()) * 1_000n };
  const config = { negligibleAmount: 0, configFlags: 0, configData: '', seqnum: 0 };
  for (const creditorId of [CAROL, DAVE]) {
    await send({ type: 'ConfigureAccount', ...common, ...config, creditorId });
  }
  await untilWaiting(2);
  await send({
    type: 'PrepareTransfer',
    ...common,
    creditorId: CAROL,
    coordinatorType: 'direct',
    coordinatorId: CAROL,
    coordinatorRequestId: 77n,
    minLockedAmount: 0n,
    maxLockedAmount: 0n,
    recipient: `${DAVE}`,
    finalInterestRateTs: MAX_TIMESTAMP,
    maxCommitDelay: 86_400,
  });
  await untilWaiting(3);
  client.destroy();
}

function spawnTool(name: string, args: readonly string[]) {
  const file = join(import.meta.dirname, '../../../bin', `${name}.ts`);
  return spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}
