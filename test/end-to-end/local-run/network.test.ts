/** The small network of docs/network.md: its three commands as they are written there, except for the folder and the ports. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/commands.ts';
import { prepareRestartableRun, type RestartableRun, type StartedRun } from './support/restartable-run.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../docs/network.md'), 'utf8');

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
});
