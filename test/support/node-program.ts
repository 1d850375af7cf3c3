/** Runs a program with the Node of this process, and keeps what it says for the case that it fails. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const PROJECT_FOLDER = join(import.meta.dirname, '..', '..');

export interface ProgramResult {
  readonly status: number | null;
  /** What it wrote, to both of its streams. */
  readonly words: string;
}

export interface NodeProgram {
  readonly whenEnded: Promise<ProgramResult>;
  readonly end: () => void;
}

/** The terminal's Ctrl-C does not reach it: whoever starts it decides what becomes of it. */
export function startNode(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): NodeProgram {
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_FOLDER,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
  }
  const whenEnded = new Promise<ProgramResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, words }));
  });
  return { whenEnded, end: () => void child.kill('SIGTERM') };
}
