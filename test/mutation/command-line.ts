/** `npm run mutate`: its options, and what it prints about mutants that no test noticed. */

import { parseArgs } from 'node:util';
import { PARTS, type Part, partOf } from './parts.ts';
import { type Report, readReport } from './report.ts';
import { mutatePart } from './run-part.ts';
import { printSurvivors, printTable } from './survivors.ts';
import { swapFields } from './swap-fields.ts';

const HELP = `Changes the code in one place at a time and sees whether a unit test notices (mutation testing, with Stryker).

  npm run mutate -- [options] [part or file ...]

  part or file       of lib: ${PARTS.map(({ name }) => name).join(', ')}, or lib/rules/interest.ts (default: all parts)
  --swaps            take fields for others of the same type instead, which Stryker does not do (no earlier results are used)
  --fresh            forget earlier results, instead of testing again only what has changed since
  --results          run nothing, only print what is known
  --help

Each part is judged by the unit tests of its own folder. Results are kept in .mutation/, so a run that was stopped goes on where it was.
Not mutated: texts of errors and log lines, names of counts, the measuring of time (test/mutation/ignored-mutants.ts).
Mutants that no test can tell from the code are listed with the reason in test/mutation/equivalents.ts.

Exit code: 0 when every mutant was noticed or is listed, 1 when one was not, 2 for a mistake in the options.`;

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      swaps: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      results: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const targets = targetsOf(positionals);
  const unknown = positionals.find((target) => partOf(target) === undefined);
  if (unknown !== undefined) {
    process.stderr.write(`${unknown} is neither a part nor a file of one. See --help.\n`);
    return 2;
  }
  for (const [part, files] of values.results ? [] : targets) {
    await (values.swaps ? swapFields(part, files) : mutatePart(part, files, { isFresh: values.fresh }));
  }
  return report([...targets.keys()].map(readReport));
}

/** The files to mutate of each part; none stands for all of them. */
function targetsOf(names: readonly string[]): Map<Part, string[]> {
  const targets = new Map<Part, string[]>(names.length === 0 ? PARTS.map((part) => [part, []]) : []);
  for (const name of names) {
    const part = partOf(name);
    if (part !== undefined) {
      targets.set(part, [...(targets.get(part) ?? []), ...(name.endsWith('.ts') ? [name] : [])]);
    }
  }
  return targets;
}

function report(reports: readonly Report[]): number {
  const unlistedCount = printSurvivors(reports);
  printTable(reports);
  return unlistedCount === 0 ? 0 : 1;
}
