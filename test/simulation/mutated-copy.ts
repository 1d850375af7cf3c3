/**
 * Breaks a copy of the code on purpose, one mutation at a time, and tells which are noticed. The working tree is never touched.
 */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Mutation {
  /** What the code then does wrong. */
  readonly name: string;
  readonly file: string;
  /** Must occur exactly once in the file. */
  readonly oldText: string;
  readonly newText: string;
}

export interface Verdict {
  readonly isCaught: boolean;
  readonly details: string;
}

export interface MutationRun<T extends Mutation> {
  readonly mutations: readonly T[];
  /** Only mutations whose name contains this text. */
  readonly only: string;
  /** What is copied: files and folders of the project. */
  readonly copied: readonly string[];
  /** Runs the simulation in the folder of the copy. */
  readonly simulate: (mutation: T, folder: string) => Promise<Verdict>;
}

/** @returns the exit code: 0 when each mutation is noticed, and there is one */
export async function tryMutations<T extends Mutation>(run: MutationRun<T>): Promise<number> {
  const chosen = run.mutations.filter(({ name }) => name.includes(run.only));
  const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
  let survivors = 0;
  try {
    for (const part of run.copied) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const mutation of chosen) {
      const { isCaught, details } = await tryMutation(mutation, folder, run.simulate);
      survivors += isCaught ? 0 : 1;
      process.stdout.write(`${isCaught ? 'caught  ' : 'SURVIVED'}  ${mutation.name}\n          ${details}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${chosen.length - survivors} of ${chosen.length} mutations were noticed.\n`);
  return survivors === 0 && chosen.length > 0 ? 0 : 1;
}

async function tryMutation<T extends Mutation>(
  mutation: T,
  folder: string,
  simulate: MutationRun<T>['simulate'],
): Promise<Verdict> {
  const { file, oldText, newText } = mutation;
  const path = join(folder, file);
  const original = readFileSync(path, 'utf8');
  if (original.split(oldText).length !== 2) {
    return { isCaught: false, details: `${file} does not contain the text to replace, or not just once` };
  }
  writeFileSync(
    path,
    original.replace(oldText, () => newText),
  );
  try {
    return await simulate(mutation, folder);
  } finally {
    writeFileSync(path, original);
  }
}
