/** The README's walkthrough: its lines as they are written there, in a shell, against a fresh local run. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareRestartableRun, type RestartableRun, type StartedRun } from './support/restartable-run.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../../..');
const KEY = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g;

let run: RestartableRun;
let started: StartedRun;

beforeAll(async () => {
  run = await prepareRestartableRun();
  started = run.start('--quiet');
  await started.whenReady;
});

afterAll(async () => {
  await started?.stop();
  run?.remove();
});

/** The lines of the block that begins with `npx swpt`. */
function walkthrough(): string[] {
  const readme = readFileSync(join(PROJECT_FOLDER, 'README.md'), 'utf8');
  const block = /```sh\n(npx swpt [^`]*)```/.exec(readme)?.[1] ?? '';
  return block.trimEnd().split('\n');
}

/** In the folder where a person has started the local run. `npx` finds the command in this checkout, wherever the shell is. */
async function inShell(line: string) {
  const npx = `npx() { shift; "${process.execPath}" "${join(PROJECT_FOLDER, 'bin/swpt.cjs')}" "$@"; }`;
  const child = spawn('bash', ['-c', `${npx}\n${line}`], {
    cwd: run.folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const text = status === 0 ? output.stdout : output.stderr;
  return { status, output: text.replaceAll(KEY, 'KEY').replaceAll(TIME, 'TIME').trimEnd().split('\n') };
}

describe("The README's walkthrough", () => {
  it('goes in ten lines from an empty ledger to a paid and a refused payment', {
    timeout: 300_000,
  }, async () => {
    const lines = walkthrough();
    const results = [];
    for (const line of lines) {
      results.push(await inShell(line));
    }
    expect(results).toStrictEqual([
      { status: 0, output: ['1/0 is open: principal 0, negligible amount 1000000'] },
      { status: 0, output: ['1/4294967297 is open: principal 0, negligible amount 0'] },
      { status: 0, output: ['1/4294967298 is open: principal 0, negligible amount 0'] },
      { status: 0, output: ['committed: 1000 from 1/0 to 1/4294967297, key KEY'] },
      { status: 0, output: ['committed: 250 from 1/4294967297 to 1/4294967298, key KEY'] },
      { status: 1, output: [expect.stringMatching(/^Refused, INSUFFICIENT_AVAILABLE_AMOUNT: /)] },
      { status: 0, output: ['prepared: 300 from 1/4294967297 to 1/4294967298, key order-8'] },
      { status: 0, output: ['dismissed: 300 from 1/4294967297 to 1/4294967298, key order-8'] },
      {
        status: 0,
        output: [
          'TIME        +1000         1000  from 1/0',
          'TIME         -250          750  to 1/4294967298  "bread"',
        ],
      },
      {
        status: 0,
        output: [
          'Currency 1',
          '  account       principal  interest  locked  available',
          '  1:0               -1000      0.00       0     999000',
          '  1:4294967297        750      0.00       0        750',
          '  1:4294967298        250      0.00       0        250',
          '  3 accounts, together 0 ✓',
        ],
      },
    ]);
  });
});
