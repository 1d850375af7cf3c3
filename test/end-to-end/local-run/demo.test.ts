import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../support/commands.ts';

const DEMO = join(import.meta.dirname, '../../../bin/demo.ts');

const FINAL_BALANCES = `
  The Harbour Market  −7,750
  Ada                  4,230
  Boris                2,520
  Chiara               1,000
  ──────────────────────────
  Together                 0
`;

describe('The demo', () => {
  it.for([[[]], [['--twice']], [['--reverse']]] as const)(
    'ends with the same balances however its messages are sent: %j',
    async ([args]) => {
      const { status, stdout, stderr } = await runCommand('bin/demo.ts', args);
      expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
      expect(stdout).toContain(FINAL_BALANCES);
      expect(stdout).not.toContain('\x1b');
    },
  );

  it('survives killed functions, repeated batches and mixed orders, and passes the audit', async () => {
    const { status, stdout, stderr } = await runCommand('bin/demo.ts', ['--crash']);
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(FINAL_BALANCES);
    expect(stdout).toMatch(/^✗ process-messages is killed$/m);
    expect(stdout).toMatch(/^Meanwhile [1-9]\d* functions were killed/m);
    expect(stdout).toContain('\nEvery guarantee holds in 1 of 1 currencies. Findings in all: 0.\n');
  });

  it('fits into 40 columns', async () => {
    const { stdout } = await runCommand('bin/demo.ts', [], { COLUMNS: '40' });
    expect(stdout.split('\n').filter((line) => line.length > 40)).toStrictEqual([]);
  });

  it('ends quietly when nobody reads its output, and leaves nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'closed-pipe-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const args = ['-c', '"$0" "$1" | head -n 2', process.execPath, DEMO];
    const { status, stdout, stderr } = spawnSync('sh', args, {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: folder },
    });
    expect({ status, stderr, lines: stdout.split('\n').length }).toStrictEqual({
      status: 0,
      stderr: '',
      lines: 3,
    });
    expect(readdirSync(folder)).toStrictEqual([]);
  });

  it('says in one sentence what surprised it, and fails', async () => {
    const messages = mkdtempSync(join(tmpdir(), 'examples-'));
    onTestFinished(() => rmSync(messages, { recursive: true }));
    cpSync(join(import.meta.dirname, '../../../examples/demo'), messages, { recursive: true });
    const file = join(messages, '22-the-market-wants-to-issue-to-boris.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('3000', '3001'));
    const { status, stderr } = await runCommand('bin/demo.ts', ['--messages', messages]);
    expect({ status, stderr }).toStrictEqual({
      status: 1,
      stderr:
        '\n✗ The script does not expect this PreparedTransfer: The Harbour Market has 3,001 locked for Boris.\n',
    });
  });

  it('says in one sentence that there is no such folder', async () => {
    const { status, stderr } = await runCommand('bin/demo.ts', ['--messages', '/no/such/folder']);
    expect({ status, stderr }).toStrictEqual({
      status: 1,
      stderr: "\n✗ The folder /no/such/folder can't be read (ENOENT); see --messages.\n",
    });
  });

  it('explains itself', async () => {
    const { status, stdout } = await runCommand('bin/demo.ts', ['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('--reverse');
  });

  it('refuses a flag that it does not know', async () => {
    const { status, stderr } = await runCommand('bin/demo.ts', ['--thrice']);
    expect({ status, stderr }).toStrictEqual({
      status: 1,
      stderr: "\n✗ Unknown option '--thrice'; see --help.\n",
    });
  });
});
