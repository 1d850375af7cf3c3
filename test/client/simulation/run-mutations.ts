/** Breaks the library on purpose, one mutation at a time, and checks that the simulation notices. */

import { spawnSync } from 'node:child_process';
import { tryMutations } from '../../simulation/mutated-copy.ts';
import { MUTATIONS } from './mutations.ts';

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
export function runMutations({ seeds, threads, only }: MutationOptions): Promise<number> {
  return tryMutations({
    ...{ mutations: MUTATIONS, only, copied: COPIED },
    simulate: async (_mutation, folder) => {
      const args = ['test/client/simulation/main.ts', '--seeds', seeds, '--threads', threads];
      const { status, stdout } = spawnSync(process.execPath, args, {
        cwd: folder,
        encoding: 'utf8',
        timeout: PATIENCE_MS,
      });
      const details = stdout.trim().split('\n').slice(0, 2).join(' ');
      return { isCaught: status === null || stdout.includes(' breaks:'), details };
    },
  });
}
