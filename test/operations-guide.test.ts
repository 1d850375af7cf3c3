import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTING_DEFINITIONS } from '../lib/shell/settings.ts';
import { propertiesOf, synthesize } from './infrastructure/template.ts';
import { commandBlocks, isForDeployedStack, quotedCommands } from './support/guide-commands.ts';

const ROOT = resolve(import.meta.dirname, '..');
const GUIDE = readFileSync(resolve(ROOT, 'docs/operations.md'), 'utf8');

/** By test/end-to-end/operations-guide.test.ts. What is for a deployed stack is run by test/end-to-end/kept-stack. */
const LOCALLY_RUN = /^npm run (audit|balances|redrive|republish|story|pause|drain|resume)\b/;

/** `test/end-to-end/local-run/console.test.ts` opens it, since it ends only when it is stopped. */
const CONSOLE = /^npx swpt console\b/;

/** Other commands that the guide quotes, and what runs them. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'npx cdk bootstrap': 'npm run test:deployed',
  'npm ci && npm test': '.ci/run',
  'npm start -- --allow-unsafe-settings': 'test/local/command-line.test.ts',
  'npm start': 'test/end-to-end/local-run/walkthrough.test.ts',
  'APP_SYNTHETIC_PAYMENT_MINUTES=5 npm start': 'test/end-to-end/local-run/self-checks.test.ts',
  'APP_AUDIT_HOURS=1 npm start': 'test/end-to-end/local-run/self-checks.test.ts',
  'npx swpt': 'test/end-to-end/local-run/walkthrough.test.ts',
};

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

  it('has only commands that a test runs', () => {
    const isRun = (command: string) =>
      isForDeployedStack(command) ||
      LOCALLY_RUN.test(command) ||
      CONSOLE.test(command) ||
      command in RUN_ELSEWHERE;
    expect(quotedCommands().filter((command) => !isRun(command))).toStrictEqual([]);
    // Each block is run as a whole where it is for a deployed stack.
    const lines = commandBlocks()
      .filter(({ script }) => !isForDeployedStack(script))
      .flatMap(({ script }) => script.split('\n'));
    expect(lines.filter((line) => !isRun(line) && !line.startsWith('output() '))).toStrictEqual([]);
    expect(Object.keys(RUN_ELSEWHERE).filter((command) => !quotedCommands().includes(command))).toStrictEqual(
      [],
    );
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
