/** Breaks a copy of the library on purpose, one mutation at a time, and checks that the simulation notices. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MUTATIONS } from './mutations.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const COPIED = ['lib', 'test/client', 'test/simulation', 'test/support', 'package.json'];

/** A mutated client may also call itself in a circle for ever. */
const PATIENCE_MS = 300_000;

interface MutationOptions {
  /** How many worlds each mutation gets. */
  readonly seeds: string;
  readonly threads: string;
  /** Only mutations whose name contains this text. */
  readonly only: string;
}

/** @returns the exit code: 0 when each mutation is noticed within so many seeds */
export async function runMutations({ seeds, threads, only }: MutationOptions): Promise<number> {
  const chosen = MUTATIONS.filter(({ name }) => name.includes(only));
  const folder = mkdtempSync(join(tmpdir(), 'client-mutations-'));
  let survivors = 0;
  try {
    for (const part of COPIED) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const { name, file, oldText, newText } of chosen) {
      const path = join(folder, file);
      const original = readFileSync(path, 'utf8');
      writeFileSync(
        path,
        original.replace(oldText, () => newText),
      );
      const args = ['test/client/simulation/main.ts', '--seeds', seeds, '--threads', threads];
      const { status, stdout } = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: 'utf8',
        timeout: PATIENCE_MS,
      });
      writeFileSync(path, original);
      const isNoticed = original.includes(oldText) && (status === null || stdout.includes(' breaks:'));
      survivors += isNoticed ? 0 : 1;
      const story = stdout.trim().split('\n').slice(0, 2).join(' ');
      console.log(`${isNoticed ? 'noticed ' : 'SURVIVED'}  ${name}\n          ${story}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${chosen.length - survivors} of ${chosen.length} mutations were noticed.`);
  return survivors === 0 && chosen.length > 0 ? 0 : 1;
}
