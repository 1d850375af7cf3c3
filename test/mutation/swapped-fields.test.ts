/** Which readings of fields are swapped. */

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EQUIVALENTS } from './equivalents.ts';
import { swapsIn } from './swapped-fields.ts';

describe('swapping fields', () => {
  it('turns each reading of a field into one of each field that it could be taken for', () => {
    const source = 'const a = 1;\nreturn secondsBetween(lock?.preparedAt, now) + lock.other;\n';
    expect(swapsIn(source).map(({ line, code, mutant }) => ({ line, code, mutant }))).toStrictEqual(
      ['announcedAt', 'deadline', 'finalInterestRateTs'].map((name) => ({
        line: 2,
        code: 'return secondsBetween(lock?.preparedAt, now) + lock.other;',
        mutant: `return secondsBetween(lock?.${name}, now) + lock.other;`,
      })),
    );
    expect(swapsIn(source)[0]?.source).toBe(source.replace('preparedAt', 'announcedAt'));
  });

  it('leaves alone what is written, and fields that are like no other', () => {
    expect(swapsIn('return { preparedAt: now, x: a.transferred };')).toStrictEqual([]);
  });
});

describe('a mutant that is listed as equivalent', () => {
  it('is of a file that there is, and of each is listed once', () => {
    const names = EQUIVALENTS.map(({ file, code, mutant }) => [file, code, mutant].join(' | '));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toStrictEqual([]);
    expect(EQUIVALENTS.filter(({ file }) => !existsSync(file))).toStrictEqual([]);
  });
});
