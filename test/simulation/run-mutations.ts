/**
 * Breaks a copy of the code on purpose, one mutation at a time, and checks that the simulation notices. The working tree
 * is never touched.
 */

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Features } from './features.ts';
import { MUTATIONS, type Mutation } from './mutations.ts';

interface Verdict {
  readonly isCaught: boolean;
  readonly details: string;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const COPIED = ['lib', 'functions', 'bin', 'test/simulation', 'package.json'];
const CAUGHT_EXIT_CODE = 1;

/** @returns the exit code: 0 when each mutation is noticed within so many seeds */
export async function runMutations(seeds: number, threads: number, only: string): Promise<number> {
  const chosen = MUTATIONS.filter(({ name }) => name.includes(only));
  const folder = mkdtempSync(join(tmpdir(), 'simulated-mutations-'));
  let survivors = 0;
  try {
    for (const part of COPIED) {
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const mutation of chosen) {
      const { isCaught, details } = await tryMutation(mutation, folder, seeds, threads);
      survivors += isCaught ? 0 : 1;
      process.stdout.write(`${isCaught ? 'caught  ' : 'SURVIVED'}  ${mutation.name}\n          ${details}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${chosen.length - survivors} of ${chosen.length} mutations were noticed.\n`);
  return survivors === 0 && chosen.length > 0 ? 0 : 1;
}

async function tryMutation(
  { file, oldText, newText, features = {} }: Mutation,
  folder: string,
  seeds: number,
  threads: number,
): Promise<Verdict> {
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
    const { exitCode, output } = await simulate(folder, seeds, threads, features);
    const story = /^\d+ seeds.*$|^Seed \d+ breaks.*$/gm;
    const details = (output.match(story) ?? [output.trim().slice(-300)]).slice(0, 2).join('\n          ');
    return { isCaught: exitCode === CAUGHT_EXIT_CODE && details.includes('breaks'), details };
  } finally {
    writeFileSync(path, original);
  }
}

function simulate(
  folder: string,
  seeds: number,
  threads: number,
  features: Partial<Features>,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const set = Object.entries(features).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const args = ['bin/simulate.ts', '--seeds', `${seeds}`, '--threads', `${threads}`, '--as-found', ...set];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}
