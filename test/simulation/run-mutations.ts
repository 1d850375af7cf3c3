/** Breaks the code on purpose, one mutation at a time, and checks that the simulation notices. */

import { spawn } from 'node:child_process';
import type { Features } from './features.ts';
import { tryMutations } from './mutated-copy.ts';
import { MUTATIONS } from './mutations.ts';

const COPIED = ['lib', 'functions', 'bin', 'test/simulation', 'package.json'];
const CAUGHT_EXIT_CODE = 1;

/** @returns the exit code: 0 when each mutation is noticed within so many seeds */
export function runMutations(seeds: number, threads: number, only: string): Promise<number> {
  return tryMutations({
    ...{ mutations: MUTATIONS, only, copied: COPIED },
    simulate: async ({ features = {} }, folder) => {
      const { exitCode, output } = await simulate(folder, seeds, threads, features);
      const story = /^\d+ seeds.*$|^Seed \d+ breaks.*$/gm;
      const details = (output.match(story) ?? [output.trim().slice(-300)]).slice(0, 2).join('\n          ');
      return { isCaught: exitCode === CAUGHT_EXIT_CODE && details.includes('breaks'), details };
    },
  });
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
