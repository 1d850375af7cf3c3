/** The real CDK CLI as a person would run it; its output is kept for the case that it fails. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DeploymentError } from './deployment-error.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '..', '..', '..');
const CDK = join(PROJECT_FOLDER, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** @throws {CdkError} when the command fails */
export async function runCdk(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const child = spawn(process.execPath, [CDK, ...args], {
    cwd: PROJECT_FOLDER,
    env: { ...environment, CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // The terminal's Ctrl-C must not reach it: half a deployment is harder to destroy than a whole one.
    detached: true,
  });
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
  if (status !== 0) {
    throw new CdkError(args[0] ?? '', words);
  }
}

/** The message is one sentence; the CLI's output is in `words`. */
export class CdkError extends DeploymentError {
  readonly words: string;
  constructor(command: string, words: string) {
    super(`cdk ${command} failed; what it said is above.`);
    this.words = words;
  }
}
