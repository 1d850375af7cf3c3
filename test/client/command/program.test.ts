/** The command as a process: its exit codes and streams, and what shells make of its completion. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../../lib/client/command/completion.ts';

const PROGRAM = join(import.meta.dirname, '../../../bin/swpt.cjs');

function swpt(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** What bash proposes for the last of the words. */
function proposals(script: string, words: readonly string[]): string[] {
  const lines = [
    script,
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of bash
    '_swpt; printf "%s\\n" "${COMPREPLY[@]}"',
  ];
  const { stdout } = spawnSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('the program', () => {
  it('joins the verbs of clients and of operators', () => {
    const { status, stdout, stderr } = swpt('--help');
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}pay {9}.*^ {2}balances {4}.*^ {2}drain {7}/ms);
    expect(swpt('audit', '--help').stdout).toContain('  swpt audit [--outputs FILE]');
    expect(swpt('resume', '--help').stdout).toContain('after swpt pause or swpt drain:');
    expect(swpt('story', '5')).toMatchObject({ status: 2, stdout: '' });
  });

  it('tells a wrong usage by its exit code and one line', () => {
    expect(swpt('pay', '1/5')).toStrictEqual({
      status: 2,
      stdout: '',
      stderr:
        'Write swpt pay FROM TO AMOUNT, as in: swpt pay 1/4294967297 1/4294967298 250 --note bread --key order-7\n',
    });
    expect(swpt('accounts', '--outputs', 'nowhere.json')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^There is no nowhere\.json: start the local run .*\n$/),
    });
  });

  it('ends quietly when nobody reads on', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'completion', 'fish'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [status] = await once(child, 'close');
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
  });
});

describe('completion', () => {
  const VERBS = [
    { name: 'pay', summary: "pay somebody's bill", flags: ['--note', '--json'] },
    { name: 'pause', summary: 'stop', flags: ['--help'] },
  ];

  it('proposes verbs and their flags in bash', () => {
    const script = completionScript('bash', VERBS);
    expect(proposals(script, ['swpt', 'pa'])).toStrictEqual(['pay', 'pause']);
    expect(proposals(script, ['swpt', 'pay', '1/0', '--'])).toStrictEqual(['--note', '--json']);
    expect(proposals(script, ['swpt', 'pay', '1'])).toStrictEqual([]);
    expect(proposals(swpt('completion', 'bash').stdout, ['swpt', 'hold', '--mi'])).toStrictEqual(['--min']);
  });

  it('describes verbs to zsh and fish', () => {
    expect(completionScript('zsh', VERBS)).toContain("    'pay:pay somebody’s bill'\n");
    expect(completionScript('zsh', VERBS)).toContain('    pay) compadd -- --note --json ;;\n');
    expect(completionScript('fish', VERBS)).toContain(
      "complete -c swpt -n __fish_use_subcommand -f -a pay -d 'pay somebody’s bill'\n" +
        "complete -c swpt -n '__fish_seen_subcommand_from pay' -l note\n",
    );
  });
});
