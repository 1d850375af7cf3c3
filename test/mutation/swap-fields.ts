/** Takes one field for another of the same type, in each place of a part where a field is read: what Stryker does not do. */

import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Part, swapsFile, TESTS_VARIABLE } from './parts.ts';
import type { Mutant } from './report.ts';

const COPY = '.mutation/copies/swaps';
const WORKER = resolve(import.meta.dirname, 'swap-worker.ts');
const run = promisify(execFile);

/** @param files to swap fields in; none stands for the whole part */
export async function swapFields(part: Part, files: readonly string[]): Promise<void> {
  await makeCopy();
  const env = { ...process.env, [TESTS_VARIABLE]: part.tests.join(',') };
  const mutants: Mutant[] = [];
  const all = files.length > 0 ? files : globSync(`lib/${part.name}/**/*.ts`);
  for (const file of all.toSorted()) {
    const { stdout } = await run(process.execPath, [WORKER, resolve(COPY), file], { env });
    mutants.push(...(JSON.parse(stdout) as Mutant[]));
    process.stdout.write(`${file}: ${mutants.filter((mutant) => mutant.file === file).length} swaps\n`);
  }
  await writeFile(swapsFile(part), JSON.stringify(mutants));
}

async function makeCopy(): Promise<void> {
  await rm(COPY, { recursive: true, force: true });
  await mkdir(COPY, { recursive: true });
  for (const part of ['lib', 'test', 'package.json']) {
    await cp(part, `${COPY}/${part}`, { recursive: true });
  }
  await symlink(resolve('node_modules'), `${COPY}/node_modules`);
}
