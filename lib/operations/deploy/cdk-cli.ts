/** Runs the project's CDK CLI; it talks to the operator itself. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';

const PROJECT_FOLDER = join(import.meta.dirname, '..', '..', '..');
const CDK = join(PROJECT_FOLDER, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** @returns whether the command succeeded */
export async function runCdk(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const child = spawn(process.execPath, [CDK, ...args], {
    cwd: PROJECT_FOLDER,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return status === 0;
}
