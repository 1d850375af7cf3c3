/** docs/architecture.md as a test: it names files and declarations that exist, and the imports that are allowed. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFile } from './support/source-files.ts';

const ROOT = resolve(import.meta.dirname, '..');
const GUIDE = sourceFile('docs/architecture.md');

interface Mention {
  readonly line: number;
  readonly path: string;
  /** A declaration in the file, if the guide names one. */
  readonly name: string | undefined;
}

/** A path is a text in backticks with a slash or a file's ending. */
const MENTIONS: readonly Mention[] = GUIDE.lines.flatMap((text, index) =>
  [...text.matchAll(/`([\w./-]+(?:\/|\/[\w.-]+|\.(?:ts|json|md)))`(?: › `(\w+)`)?/g)].map(
    ([, path = '', name]) => ({ line: index + 1, path, name }),
  ),
);
const LINKS = [...GUIDE.text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);

describe('The guide to the architecture', () => {
  it('names files and folders that exist', () => {
    expect(MENTIONS.length).toBeGreaterThan(80);
    const missing = MENTIONS.filter(({ path }) => !existsSync(join(ROOT, path)));
    expect(missing.map(({ line, path }) => `docs/architecture.md:${line} names ${path}`)).toStrictEqual([]);
    expect(LINKS.filter((target) => !existsSync(join(ROOT, 'docs', target)))).toStrictEqual([]);
  });

  it('names declarations that the files have', () => {
    const named = MENTIONS.filter(({ name }) => name !== undefined);
    const missing = named.filter(({ path, name }) => !declares(path, name ?? ''));
    expect(
      missing.map(({ line, path, name }) => `docs/architecture.md:${line} ${path} › ${name}`),
    ).toStrictEqual([]);
    expect(named).toHaveLength(GUIDE.text.split(' › ').length - 2);
  });

  it('says what every folder may import, as the architecture test holds it', () => {
    const { text } = sourceFile('test/architecture.test.ts');
    const allowed = [...text.matchAll(/folder: '([^']+)',\s+ours: \[([^\]]*)\]/g)].map(
      ([, folder = '', list = '']) => [
        folder,
        [...list.matchAll(/'([^']+)'/g)].map(([, path = '']) => path).filter((path) => path !== folder),
      ],
    );
    const told = [...GUIDE.text.matchAll(/^\| `([\w/]+\/)` \| (.+) \|$/gm)].map(
      ([, folder = '', cell = '']) => [folder, [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)],
    );
    expect(allowed.length).toBeGreaterThan(5);
    expect(told).toStrictEqual(allowed);
  });
});

function declares(path: string, name: string): boolean {
  const declaration = new RegExp(`\\b(?:function|const|class|interface|type)\\s+${name}\\b`);
  return existsSync(join(ROOT, path)) && declaration.test(sourceFile(path).text);
}
