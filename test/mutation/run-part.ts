/** One run of Stryker over one part of lib/. */

import { rm } from 'node:fs/promises';
import { Stryker } from '@stryker-mutator/core';
import { type Part, reportFile, TESTS_VARIABLE } from './parts.ts';
import { forgetUnnoticed } from './report.ts';

/** @param files to mutate; none stands for the whole part */
export async function mutatePart(
  part: Part,
  files: readonly string[],
  { isFresh }: { readonly isFresh: boolean },
): Promise<void> {
  if (isFresh) {
    await rm(reportFile(part), { force: true });
  }
  forgetUnnoticed(part);
  process.env[TESTS_VARIABLE] = part.tests.join(',');
  const stryker = new Stryker({
    mutate: files.length === 0 ? [`lib/${part.name}/**/*.ts`] : [...files],
    testRunner: 'in-process',
    plugins: ['./test/mutation/in-process-runner.ts', './test/mutation/ignored-mutants.ts'],
    ignorers: ['prose'],
    coverageAnalysis: 'perTest',
    concurrency: 1,
    incremental: true,
    incrementalFile: reportFile(part),
    tempDirName: '.mutation/copies',
    // Stryker would rewrite the paths in it with an API that TypeScript 7 has not.
    tsconfigFile: 'none',
    ignorePatterns: [
      '.mutation',
      'cdk.out',
      '.local',
      '.bench',
      '.simulation',
      'docs',
      'examples',
      'coverage',
    ],
    // Beside what the tests themselves take.
    timeoutMS: 2_000,
    // Files that were imported anew stay in memory.
    maxTestRunnerReuse: 200,
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
  });
  await stryker.runMutationTest();
}
