/** Runs another of the project's programs to its end, and keeps what it says for the case that it fails. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const PROJECT_FOLDER = join(import.meta.dirname, '..', '..');

export interface ChildResult {
  readonly status: number | null;
  readonly words: string;
}

/** Set by the caller: ends the program that runs. */
export const running: { end: () => void } = { end: () => {} };

export async function runNode(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ChildResult> {
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_FOLDER,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The terminal's Ctrl-C is heard here, which then ends the program.
    detached: true,
  });
  running.end = () => void child.kill('SIGTERM');
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  running.end = () => {};
  return { status, words };
}
