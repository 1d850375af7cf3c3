/**
 * DynamoDB of the local run: dynoxide as a child process with its data in one SQLite file. Direct access to that file is
 * in stream-records.ts; tables are created through the API, in provision-tables.ts.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { LOOPBACK, listenOn, PORT_TAKEN, type PortWish } from './ports.ts';
import { findTableEmulator } from './table-emulator-program.ts';

export interface TableEmulator {
  readonly endpoint: string;
  /** Resolves with the reason if the emulator ends without being stopped. */
  readonly whenBroken: Promise<Error>;
  readonly stop: () => Promise<void>;
}

/**
 * Runs the command until it ends by itself or this end of its standard input is closed. A kill of this process closes it
 * too; otherwise the emulator would live on, and hold port and file.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
emulator=$!
(cat <&3 >/dev/null; kill $emulator; sleep 2; kill -9 $emulator) 2>/dev/null &
guard=$!
wait $emulator
status=$?
kill $guard 2>/dev/null
exit $status
`;

/** Dynoxide handles one call at a time anyway; more threads only add contention (a quarter of the CPU time). */
const WORKER_THREADS = '1';

const START_TIMEOUT_MS = 10_000;

/** Starts dynoxide on the SQLite file, or in memory without one. It is ready when this resolves. */
export async function startTableEmulator(
  options: PortWish & { readonly databaseFile?: string },
): Promise<TableEmulator> {
  const { databaseFile } = options;
  const program = findTableEmulator(process, import.meta.url);
  if (databaseFile !== undefined) {
    mkdirSync(dirname(databaseFile), { recursive: true });
  }
  return listenOn(options, (port) => startOn(port, program, databaseFile));
}

async function startOn(
  port: number,
  program: string,
  databaseFile: string | undefined,
): Promise<TableEmulator> {
  const child = spawn(
    'sh',
    ['-c', GUARD, 'dynoxide', program, 'serve']
      .concat('--host', LOOPBACK, '--port', `${port}`)
      .concat(databaseFile === undefined ? [] : ['--db-path', databaseFile]),
    // In a session of its own, since Ctrl-C in the terminal must not end it before the handlers have finished.
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, TOKIO_WORKER_THREADS: WORKER_THREADS },
    },
  );
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilListening(child);
  let isStopping = false;
  return {
    endpoint: `http://${LOOPBACK}:${port}`,
    whenBroken: new Promise((resolve) => {
      child.once('exit', (code) => {
        if (!isStopping) {
          resolve(new Error(`The DynamoDB emulator ended by itself (status ${code}).`));
        }
      });
    }),
    stop: async () => {
      isStopping = true;
      child.stdin.end();
      await ended;
    },
  };
}

async function untilListening(child: ChildProcess): Promise<void> {
  let words = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000);
    if (words.includes('listening on')) {
      resolve();
    }
  });
  child.once('error', reject);
  child.once('close', () => {
    const code = /in use|failed to bind/.test(words) ? { code: PORT_TAKEN } : {};
    reject(Object.assign(new Error(`The DynamoDB emulator did not start: ${words.trim()}`), code));
  });
  const timer = setTimeout(() => {
    child.stdin?.end();
    reject(new Error(`The DynamoDB emulator did not start within ${START_TIMEOUT_MS} ms: ${words.trim()}`));
  }, START_TIMEOUT_MS);
  await promise.finally(() => clearTimeout(timer));
}
