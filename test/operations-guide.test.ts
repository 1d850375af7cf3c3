import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTING_DEFINITIONS } from '../lib/shell/settings.ts';
import { propertiesOf, synthesize } from './infrastructure/template.ts';

const ROOT = resolve(import.meta.dirname, '..');
const GUIDE = readFileSync(resolve(ROOT, 'docs/operations.md'), 'utf8');

/** The rows of the tables whose first column matches, without the lines around the cells. */
function rowsOf(text: string, firstCell: RegExp): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
    .filter(([first = '']) => firstCell.test(first));
}

describe('The guide for operators', () => {
  it('lists every setting with its default, its bounds and its meaning', () => {
    const settings = SETTING_DEFINITIONS.map(({ name, defaultValue, min, max, meaning }) => [
      `\`${name}\``,
      `${defaultValue}`,
      `${min} … ${max}`,
      meaning,
    ]);
    expect(rowsOf(GUIDE, /^`APP_/).filter(({ length }) => length === 4)).toStrictEqual(settings);
  });

  it('says of every alarm what it means and what to do', () => {
    const alarms = Object.keys(
      propertiesOf(synthesize({ syntheticPaymentMinutes: '5', auditHours: '24' }), 'AWS::CloudWatch::Alarm'),
    );
    const rows = rowsOf(GUIDE, /Alarm`$/);
    expect(rows.map(([name]) => name).sort()).toStrictEqual(alarms.map((name) => `\`${name}\``).sort());
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toStrictEqual([]);
  });

  it('has the heading that the description of each alarm names', () => {
    const alarms = Object.entries(
      propertiesOf(synthesize({ syntheticPaymentMinutes: '5', auditHours: '24' }), 'AWS::CloudWatch::Alarm'),
    );
    const headings = [...GUIDE.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
    const lost = alarms.filter(([, { AlarmDescription }]) => {
      const [, heading = ''] = /Runbook: docs\/operations\.md, "(.+)"\.$/.exec(AlarmDescription) ?? [];
      return !headings.includes(heading);
    });
    expect(lost.map(([name]) => name)).toStrictEqual([]);
  });

  it('names scripts, outputs and files that there are', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
    const named = [...GUIDE.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toStrictEqual([]);
    const outputs = Object.keys(synthesize().Outputs);
    const used = [...GUIDE.matchAll(/output (\w+Url)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !outputs.includes(name))).toStrictEqual([]);
  });

  it('leads to headings that it has', () => {
    const headings = [...GUIDE.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...GUIDE.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !headings.includes(link))).toStrictEqual([]);
  });
});
