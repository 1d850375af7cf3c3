/** A process that swaps fields in one file of a copy of the project, one at a time, and sees whether a test notices. */

import { readFileSync, writeFileSync } from 'node:fs';
import { MutantRunStatus } from '@stryker-mutator/api/test-runner';
import { InProcessRunner } from './in-process-runner.ts';
import type { Mutant } from './report.ts';
import { swapsIn } from './swapped-fields.ts';

const [, , copy = '', file = ''] = process.argv;
process.chdir(copy);
const runner = new InProcessRunner();
await runner.init();
const original = readFileSync(file, 'utf8');
const mutants: Mutant[] = [];
for (const { line, code, mutant, source } of swapsIn(original)) {
  writeFileSync(file, source);
  const { status } = await runner.judgeFiles();
  mutants.push({
    file,
    line,
    code,
    mutant,
    status: status === MutantRunStatus.Survived ? 'Survived' : 'Killed',
  });
}
writeFileSync(file, original);
process.stdout.write(JSON.stringify(mutants));
