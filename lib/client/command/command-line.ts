/** The door to the command `swpt`: its verbs for clients, on this process's arguments, terminal and network. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { SYSTEM_CLOCK } from '../ports.ts';
import type { AuthorityAccess } from './connection.ts';
import type { Output } from './output.ts';
import type { Profile } from './profile.ts';
import { type ForeignVerb, runCommand } from './run.ts';
import { NoAnswerError, UsageError } from './usage-error.ts';

export type { ForeignVerb } from './run.ts';

/**
 * Runs the command with the arguments of this process, and sets its exit code.
 * @param others verbs that other parts of the project bring along
 */
export async function runSwpt(others: readonly ForeignVerb[] = []): Promise<void> {
  process.stdout.on('error', endQuietly);
  process.stderr.on('error', endQuietly);
  const world = {
    output: {
      print: (line: string) => void process.stdout.write(`${printable(line)}\n`),
      tell: (line: string) => void process.stderr.write(`${printable(line)}\n`),
      flushed: whenFlushed,
    },
    interrupted: interruption(),
    clock: SYSTEM_CLOCK,
    readInput: (file: string) => (file === '-' ? text(process.stdin) : readFile(file, 'utf8')),
    post,
    access: reachAuthority,
  };
  process.exitCode = await runCommand(process.argv.slice(2), world, others);
}

/** Waits only where the reader is slower. */
async function whenFlushed(): Promise<void> {
  if (process.stdout.writableNeedDrain) {
    await once(process.stdout, 'drain');
  }
}

/** The clients of AWS take longer to load than all the rest, and help needs none. */
async function reachAuthority(profile: Profile, output: Output): Promise<AuthorityAccess> {
  const { awsAuthority } = await import('./aws-authority.ts').catch(explainMissing);
  return awsAuthority(profile, output);
}

/** Users of the packed library install the clients of AWS themselves. */
function explainMissing(error: unknown): never {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  if (isMissing && error.message.includes('@aws-sdk/')) {
    throw new UsageError(
      'The clients of AWS are missing: npm install @aws-sdk/client-sqs @aws-sdk/client-sns.',
      { cause: error },
    );
  }
  throw error;
}

/** Ctrl-C ends the command in order; a second one ends it at once. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new NoAnswerError('Interrupted.')));
  }
  return interrupted.signal;
}

/** @throws {Error} unless the server answers 2xx */
async function post(url: string, body: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, signal });
  await response.body?.cancel();
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}.`);
  }
}

/** Text from others may hold characters that move the cursor or change the terminal; they are shown as `?`. */
function printable(line: string): string {
  return line.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
}

/** Whoever reads the output may have seen enough, like `head`. */
function endQuietly(error: Error & { readonly code?: string }): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(0);
}
