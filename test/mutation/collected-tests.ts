/**
 * Stands in for Vitest in the process that judges mutants: collects the tests of a file when the file is imported, so that they can be
 * run again and again without it. Knows no more of Vitest than the unit tests use; what they expect is checked by Vitest's own code.
 */

import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

export interface CollectedTest {
  /** The file, then the names of the suites and of the test, then how many tests before had the same names. */
  readonly id: string;
  readonly name: string;
  readonly run: () => unknown;
}

type Body = (...args: never[]) => unknown;

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) {
  chai.use(plugin);
}

export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
);

let currentFile = '';
let suites: readonly string[] = [];
let collected: CollectedTest[] = [];

export const describe = Object.assign(openSuite, { each: eachOf(openSuite) });
export const it = Object.assign(collect, { each: eachOf(collect) });

/** The tests of a file, collected by importing it. */
export async function collectTests(
  file: string,
  importFile: () => Promise<unknown>,
): Promise<readonly CollectedTest[]> {
  currentFile = file;
  collected = [];
  await importFile();
  return collected;
}

function openSuite(name: string, body: () => void): void {
  const outer = suites;
  suites = [...outer, name];
  body();
  suites = outer;
}

function collect(name: string, body: () => unknown): void {
  const fullName = [...suites, name].join(' > ');
  const position = collected.filter((test) => test.name === fullName).length;
  collected.push({ id: `${currentFile}#${fullName}#${position}`, name: fullName, run: body });
}

/** Rows keep the name as it is written; their place in the table tells them apart. */
function eachOf(register: (name: string, body: () => never) => void) {
  return (rows: readonly unknown[]) => (name: string, body: Body) => {
    const areTuples = rows.every(Array.isArray);
    for (const row of rows) {
      const args = (areTuples ? row : [row]) as never[];
      register(name, () => body(...args) as never);
    }
  };
}
