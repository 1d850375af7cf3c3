/** Which mutants no test noticed, and how many there were in each part. */

import { EQUIVALENTS, type Equivalent } from './equivalents.ts';
import { type Mutant, type Report, UNNOTICED } from './report.ts';

const NOTICED: ReadonlySet<string> = new Set(['Killed', 'Timeout']);

/** @returns how many of them are not listed as equivalent */
export function printSurvivors(reports: readonly Report[]): number {
  const mutants = reports.flatMap((report) => report.mutants);
  const unlisted = mutants.filter((mutant) => isUnnoticed(mutant) && equivalentOf(mutant) === undefined);
  for (const { file, line, code, mutant, status } of unlisted) {
    process.stdout.write(`\n${status} ${file}:${line}\n  - ${code}\n  + ${mutant}\n`);
  }
  for (const { file, code, mutant } of EQUIVALENTS.filter((equivalent) => isNeedless(equivalent, mutants))) {
    process.stdout.write(
      `\nListed as equivalent, but no such mutant is unnoticed: ${file}\n  - ${code}\n  + ${mutant}\n`,
    );
  }
  return unlisted.length;
}

export function printTable(reports: readonly Report[]): void {
  process.stdout.write('\n| part | mutants | noticed | equivalent | unnoticed | score | not made |\n');
  process.stdout.write('| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n');
  for (const { part, mutants } of reports) {
    const noticed = mutants.filter(({ status }) => NOTICED.has(status)).length;
    const unnoticed = mutants.filter(isUnnoticed);
    const equivalent = unnoticed.filter((mutant) => equivalentOf(mutant) !== undefined).length;
    const ignored = mutants.filter(({ status }) => status === 'Ignored').length;
    const total = noticed + unnoticed.length;
    const score = total === 0 ? '' : `${((100 * noticed) / (total - equivalent)).toFixed(1)} %`;
    process.stdout.write(
      `| lib/${part.name} | ${total} | ${noticed} | ${equivalent} | ${unnoticed.length - equivalent} | ${score} | ${ignored} |\n`,
    );
  }
}

function isUnnoticed({ status }: Mutant): boolean {
  return UNNOTICED.has(status);
}

function equivalentOf(mutant: Mutant): Equivalent | undefined {
  return EQUIVALENTS.find((equivalent) => isSame(equivalent, mutant));
}

/** Of files that were not run nothing is known. */
function isNeedless(equivalent: Equivalent, mutants: readonly Mutant[]): boolean {
  return (
    mutants.some(({ file }) => file === equivalent.file) &&
    !mutants.some((mutant) => isUnnoticed(mutant) && isSame(equivalent, mutant))
  );
}

function isSame(equivalent: Equivalent, { file, code, mutant }: Mutant): boolean {
  return equivalent.file === file && equivalent.code === code && equivalent.mutant === mutant;
}
