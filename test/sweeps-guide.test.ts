/** The guide to the sweeps names what there is: settings, metrics, lines of the log, commands. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTING_DEFINITIONS } from '../lib/shell/settings.ts';

const ROOT = join(import.meta.dirname, '..');
const GUIDE = readFileSync(join(ROOT, 'docs/sweeps.md'), 'utf8');
const CODE = ['lib/shell', 'lib/rules']
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('The guide to the sweeps', () => {
  it('names all settings, and gives their defaults', () => {
    const rows = [...GUIDE.matchAll(/^\| `(APP_\w+)` \| (\S+) \|/gm)].map(([, name, value]) => [name, value]);
    const defaults = new Map(
      SETTING_DEFINITIONS.map(({ name, defaultValue }) => [name, String(defaultValue)]),
    );
    expect(rows).toStrictEqual(rows.map(([name = '']) => [name, defaults.get(name)]));
    const named = new Set([...GUIDE.matchAll(/\bAPP_\w+/g)].map(([name]) => name));
    expect([...named].toSorted()).toStrictEqual([...defaults.keys()].toSorted());
  });

  it('names metrics that are counted', () => {
    const names = [...GUIDE.matchAll(/`Sweep\.accounts\.([a-z-]+)`/g)].map(([, name = '']) => name);
    expect(
      names.filter(
        (name) => !CODE.includes(`.${name}\``) && !CODE.includes(`'${name}'`) && !CODE.includes(`.${name}'`),
      ),
    ).toStrictEqual([]);
    const chores = /type AccountChore =([^;]+);/.exec(CODE)?.[1]?.match(/[a-z-]+/g) ?? [];
    expect(chores.filter((chore) => !names.includes(chore))).toStrictEqual([]);
  });

  it('quotes lines of the log that are written', () => {
    const lines = [...GUIDE.matchAll(/^\| (?:INFO|WARN) \| (.+?) \|/gm)].map(([, line = '']) => line);
    const written = CODE.replaceAll(/[$]\{(work\.)?name\}/g, 'accounts');
    expect(lines.length).toBe(8);
    expect(lines.filter((line) => !written.includes(line))).toStrictEqual([]);
  });

  it('names scripts and files that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = [...GUIDE.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toStrictEqual([]);
    const links = [...GUIDE.matchAll(/\]\((\.\.\/[^)#]+)/g)].map(([, link = '']) => join('docs', link));
    expect(() => links.map((link) => readFileSync(join(ROOT, link)))).not.toThrow();
  });
});
