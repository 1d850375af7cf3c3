import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { runCommand } from './support/commands.ts';
import { it } from './support/end-to-end-test.ts';
import { instant } from './support/instants.ts';
import { configureAccount } from './support/requests.ts';

const folder = mkdtempSync(join(tmpdir(), 'switches-'));
const outputsFile = join(folder, 'outputs.json');

beforeAll(() => writeFileSync(outputsFile, JSON.stringify({ Tested: inject('stack').outputs })));
afterAll(() => rmSync(folder, { recursive: true }));

describe('A paused stack', () => {
  it('keeps messages, and handles them when it is resumed', async ({ currency }) => {
    const { debtorId, send, receive } = currency;
    const switchStack = async (command: string) => {
      const { status, stderr } = await runCommand(`bin/${command}.ts`, ['--outputs', outputsFile]);
      expect([status, stderr]).toStrictEqual([0, '']);
    };
    await switchStack('pause');
    // Twice, since that must change nothing.
    await switchStack('pause');
    await send(configureAccount({ debtor_id: debtorId, creditor_id: 4_294_967_297n }));
    const resumedAt = BigInt(Date.now()) * 1_000n;
    await switchStack('resume');
    const { message } = await receive('AccountUpdate', { creditor_id: 4_294_967_297n });
    expect(instant(message.last_change_ts)).toBeGreaterThanOrEqual(resumedAt);
  });
});
