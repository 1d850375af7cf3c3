/** A copy of the project as far as `npm run deploy` needs it, so that a test can change it, and deploy from it as a person does. */

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult } from '../../support/commands.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '..', '..', '..', '..');
const COPIED = ['bin', 'functions', 'lib', 'cdk.json', 'package.json', 'tsconfig.json'];

type Variables = Readonly<Record<string, string | undefined>>;

export class ProjectCopy {
  readonly folder = mkdtempSync(join(tmpdir(), 'project-copy-'));
  readonly #environment: Variables;

  /** @param environment of all that is run in it */
  constructor(environment: Variables) {
    this.#environment = environment;
    for (const name of COPIED) {
      cpSync(join(PROJECT_FOLDER, name), join(this.folder, name), { recursive: true });
    }
    symlinkSync(join(PROJECT_FOLDER, 'node_modules'), join(this.folder, 'node_modules'));
    // Nobody is there to be asked.
    this.edit('cdk.json', (text) => JSON.stringify({ ...JSON.parse(text), requireApproval: 'never' }));
  }

  /** @throws {Error} when nothing changes. @returns what takes the change back */
  edit(path: string, change: (text: string) => string): () => void {
    const file = join(this.folder, path);
    const before = readFileSync(file, 'utf8');
    const after = change(before);
    if (after === before) {
      throw new Error(`${path} has nothing to change.`);
    }
    writeFileSync(file, after);
    return () => writeFileSync(file, before);
  }

  /** Runs the script with bash until a command fails. @param variables besides those of the copy */
  async run(script: string, variables: Variables = {}): Promise<CommandResult> {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: this.folder,
      env: { ...this.#environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { status, ...output };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
