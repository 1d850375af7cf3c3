import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished } from 'vitest';
import { ALICE, openAliceAndBob } from './support/alice-and-bob.ts';
import { runCommand } from './support/commands.ts';
import { copyTables } from './support/copied-tables.ts';
import { it } from './support/end-to-end-test.ts';
import { openInbox } from './support/inbox.ts';

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
/** Others use the stack meanwhile. */
const SWITCHES = new Set(['pause', 'drain', 'resume']);
/** On a deployed stack, other test files run at the same time, and their dead letters are not to be moved. */
const IS_SHARED = process.env.E2E_OUTPUTS_FILE !== undefined;

const EACH_CALL_MS = 15_000;

const folder = mkdtempSync(join(tmpdir(), 'guide-'));
const outputsFile = join(folder, 'outputs.json');

beforeAll(() => writeFileSync(outputsFile, JSON.stringify({ Tested: inject('stack').outputs })));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each distinct call of a tool for operators in the guide, without those that only name a tool. */
function guidedCalls(): string[] {
  const calls = [
    ...GUIDE.matchAll(/npm run ((?:audit|balances|redrive|republish|story|pause|drain|resume)\b[^`#|\n]*)/g),
  ]
    .map(([, call = '']) => call.trim())
    .filter((call) => call.includes(' -- ') || /^(audit|redrive|pause|drain|resume)$/.test(call))
    .filter((call) => !/^republish -- --outputs \S+$/.test(call))
    // Another test pauses the stack meanwhile, and these would say so.
    .filter((call) => !IS_SHARED || !SWITCHES.has(call.split(' ')[0] ?? ''));
  return [...new Set(calls)];
}

/** The call's arguments for the stack under test, with the guide's placeholders filled in. */
function argumentsOf(call: string, values: Readonly<Record<string, string>>): string[] {
  const [tool = '', ...words] = call.split(/\s+/).filter((word) => word !== '--');
  const isLeftAlone = (word: string) => IS_SHARED && tool === 'redrive' && /^--(apply|forget)$/.test(word);
  const filled = words
    .filter((word) => !isLeftAlone(word))
    .map((word) => values[word.replaceAll('"', '')] ?? word);
  return [...(SWITCHES.has(tool) ? ['--dry-run'] : []), ...filled];
}

describe('The guide for operators', () => {
  it(
    'has only commands that run, on a stack in use and on copies of its tables',
    async ({ currency, stack }) => {
      await openAliceAndBob(currency);
      const [audited, restored] = [`Audit${Date.now()}`, `Restored${Date.now()}`];
      const copies = [await copyTables(stack, audited), await copyTables(stack, restored)];
      onTestFinished(async () => {
        await Promise.all(copies.map(({ remove }) => remove()));
      });
      const values = {
        $AT: new Date().toISOString(),
        'D:C': `${currency.debtorId}:${ALICE}`,
        'cdk.out/outputs.json': outputsFile,
        'Audit-Accounts': `${audited}-Accounts`,
        'Audit-Transfers': `${audited}-Transfers`,
        'Restored-Accounts': `${restored}-Accounts`,
        'Restored-Transfers': `${restored}-Transfers`,
      };
      const calls = guidedCalls();
      expect(calls.length).toBeGreaterThan(IS_SHARED ? 15 : 20);
      const failed: string[] = [];
      for (const call of calls) {
        const args = argumentsOf(call, values);
        const outputs = args.includes('--outputs') ? [] : ['--outputs', outputsFile];
        const { status, stderr } = await runCommand(`bin/${call.split(' ')[0]}.ts`, [...args, ...outputs]);
        // 1 tells that something is found or left; 2 that the tool could not do what it was asked.
        if (status !== 0 && status !== 1) {
          failed.push(`${call}: status ${status}: ${stderr}`);
        }
      }
      expect(failed).toStrictEqual([]);
    },
    30 * EACH_CALL_MS,
  );
});

describe('Tables of an instant', () => {
  it('pass the audit, and a client that lost everything catches up when it is published again', async ({
    currency,
    stack,
  }) => {
    await openAliceAndBob(currency);
    const { accounts, transfers, remove } = await copyTables(stack, `Drill${Date.now()}`);
    onTestFinished(remove);
    const at = new Date().toISOString();
    const audit = await runCommand('bin/audit.ts', [
      ...['--outputs', outputsFile, '--at', at],
      ...['--accounts-table', accounts, '--transfers-table', transfers, '--json'],
    ]);
    const reports = audit.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const ours = reports.filter(({ debtorId }) => debtorId === `${currency.debtorId}`);
    expect(ours).toStrictEqual([
      expect.objectContaining({ findingCounts: {}, brokenGuarantees: [], unverifiedGuarantees: [] }),
    ]);

    const empty = await openInbox(stack, { filterPolicy: { debtor_id: [`${currency.debtorId}`] } });
    try {
      const { status, stdout } = await runCommand('bin/republish.ts', [
        ...['--outputs', outputsFile],
        ...['--account', `${currency.debtorId}:${ALICE}`, '--apply'],
      ]);
      expect([status, stdout]).toStrictEqual([0, expect.stringContaining('Published')]);
      const isAlices = (type: string) => (delivery: { message: Record<string, unknown> }) =>
        delivery.message.type === type && delivery.message.creditor_id === ALICE;
      const { message } = await empty.take('AccountUpdate of Alice', isAlices('AccountUpdate'));
      expect(message.principal).toBe(1000n);
      const { message: transfer } = await empty.take('AccountTransfer', isAlices('AccountTransfer'));
      expect(transfer.principal).toBe(1000n);
    } finally {
      await empty.close();
    }
  });
});
