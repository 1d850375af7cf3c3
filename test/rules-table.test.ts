/** docs/rules.md as a test: every rule has a row, and every row names code and tests that exist. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFile } from './support/source-files.ts';

const DOCUMENT = sourceFile('docs/rules.md');

interface Row {
  readonly id: string;
  readonly line: number;
  readonly rule: string;
  readonly code: readonly string[];
  readonly tests: readonly string[];
}

const CELLS: readonly (readonly [number, string[]])[] = DOCUMENT.lines.flatMap((line, index) =>
  line.startsWith('| ')
    ? [
        [
          index + 1,
          line
            .slice(1, -1)
            .split('|')
            .map((cell) => cell.trim()),
        ] as const,
      ]
    : [],
);
/** The list of rules: each group, and how many rules it has. */
const GROUPS = CELLS.flatMap(([, [group = '', , count = '']]) =>
  /^\d+\.[a-z-]+$/.test(group) ? [{ group, count: Number(count) }] : [],
);
const ROWS: readonly Row[] = CELLS.flatMap(([line, [id = '', rule = '', code = '', tests = '']]) =>
  /^\d+\.[a-z-]+\.\d+$/.test(id)
    ? [{ id, line, rule, code: code.split('<br>'), tests: tests.split('<br>') }]
    : [],
);

describe('the table of rules', () => {
  it('has one row for each rule of the list, in its order', () => {
    const listed = GROUPS.flatMap(({ group, count }) =>
      Array.from({ length: count }, (_, index) => `${group}.${index + 1}`),
    );
    expect(ROWS.map(({ id }) => id)).toStrictEqual(listed);
  });

  it('covers every section of the specification', () => {
    const sections = new Set(GROUPS.map(({ group }) => Number(group.split('.')[0])));
    expect([...sections]).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('says each rule in a sentence of its own', () => {
    expect(ROWS.filter(({ rule }) => !/^\S.{8,}\.$/.test(rule)).map(({ id }) => id)).toStrictEqual([]);
    expect(new Set(ROWS.map(({ rule }) => rule)).size).toBe(ROWS.length);
  });

  it('names, for each rule, code that exists', () => {
    const faults = ROWS.flatMap(({ id, line, code }) =>
      code.flatMap((reference) => {
        const fault = codeFault(reference);
        return fault === undefined ? [] : [`docs/rules.md:${line} ${id}: ${fault}`];
      }),
    );
    expect(faults).toStrictEqual([]);
  });

  it('names, for each rule, a test that exists', () => {
    const faults = ROWS.flatMap(({ id, line, tests }) =>
      tests.flatMap((reference) => {
        const fault = testFault(reference);
        return fault === undefined ? [] : [`docs/rules.md:${line} ${id}: ${fault}`];
      }),
    );
    expect(faults).toStrictEqual([]);
  });
});

function codeFault(reference: string): string | undefined {
  const [, path = '', name = ''] = /^`([a-z0-9/-]+\.ts)` › `(\w+)`$/.exec(reference) ?? [];
  const file = `lib/${path}`;
  if (path === '' || !exists(file)) {
    return `there is no code at ${reference}`;
  }
  const declaration = new RegExp(`\\b(?:function|const|class|interface|type)\\s+${name}\\b`);
  return declaration.test(sourceFile(file).text) ? undefined : `${file} has no ${name}`;
}

function testFault(reference: string): string | undefined {
  const [, path = '', title = ''] = /^`([a-z0-9/-]+\.test\.ts)` › (.+)$/.exec(reference) ?? [];
  const file = `test/${path}`;
  if (path === '' || !exists(file)) {
    return `there is no test at ${reference}`;
  }
  return titlesIn(file).has(title) ? undefined : `${file} has no test “${title}”`;
}

/** Titles of tests, groups of tests, and the first text of each row of a table of cases. */
function titlesIn(path: string): ReadonlySet<string> {
  const { text } = sourceFile(path);
  const titles = text.matchAll(/[([]\s*(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1\s*,/g);
  return new Set([...titles].map(([, , title = '']) => title.replaceAll('\\', '')));
}

function exists(path: string): boolean {
  return existsSync(resolve(import.meta.dirname, '..', path));
}
