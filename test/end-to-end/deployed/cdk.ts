/** The real CDK CLI as a person would run it; its output is kept for the case that it fails. */

import { join } from 'node:path';
import { PROJECT_FOLDER, startNode } from '../../support/node-program.ts';
import { DeploymentError } from './deployment-error.ts';

const CDK = join(PROJECT_FOLDER, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** @throws {CdkError} when the command fails */
export async function runCdk(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  // Ctrl-C must not reach it: half a deployment is harder to destroy than a whole one.
  const { status, words } = await startNode([CDK, ...args], { ...environment, CI: 'true' }).whenEnded;
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
