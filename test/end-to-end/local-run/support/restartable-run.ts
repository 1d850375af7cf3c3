/** The local run as a person has it: `npm start` in a process of its own, on one folder and the same ports each time. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../../../lib/local/emulators/ports.ts';

const START = join(import.meta.dirname, '..', '..', '..', '..', 'bin', 'start.ts');

export interface RestartableRun {
  readonly start: (...flags: readonly string[]) => StartedRun;
  /** Where a person would be: the local run's data is in its folder `.local`, as by default. */
  readonly folder: string;
  /** Of the run that is ready. */
  readonly outputs: () => Readonly<Record<string, string>>;
  /** Deletes everything; nothing may be running any more. */
  readonly remove: () => void;
}

export interface StartedRun {
  /** Rejects with what was printed when it ends before it is ready. */
  readonly whenReady: Promise<void>;
  /** All that a person has seen so far. */
  readonly printed: () => string;
  /** As when the machine takes it away: nothing can be finished or tidied up. */
  readonly kill: () => Promise<void>;
  /** As by Ctrl-C. @returns the exit status */
  readonly stop: () => Promise<number | null>;
}

/** @param settings environment variables beside those of this process */
export async function prepareRestartableRun(
  settings: Readonly<Record<string, string>> = {},
): Promise<RestartableRun> {
  const folder = mkdtempSync(join(tmpdir(), 'restartable-run-'));
  const dir = join(folder, '.local');
  const ports = ['--port', `${await findFreePort()}`, '--dynamodb-port', `${await findFreePort()}`];
  return {
    folder,
    start: (...flags) =>
      observe(
        spawn(process.execPath, [START, ...ports, '--dir', dir, ...flags], {
          env: { ...process.env, ...settings },
        }),
      ),
    outputs: () => {
      const [outputs] = Object.values(JSON.parse(readFileSync(join(dir, 'outputs.json'), 'utf8')));
      return outputs as Record<string, string>;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function observe(child: ChildProcess): StartedRun {
  let printed = '';
  const ready = Promise.withResolvers<void>();
  // Whoever kills it before it is ready does not wait for that.
  ready.promise.catch(() => {});
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('Ready after')) {
        ready.resolve();
      }
    });
  }
  const ended = once(child, 'exit').then(([status]) => status as number | null);
  void ended.then((status) =>
    ready.reject(new Error(`The local run ended (status ${status}): ${printed.slice(-5000)}`)),
  );
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    whenReady: ready.promise,
    printed: () => printed,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
