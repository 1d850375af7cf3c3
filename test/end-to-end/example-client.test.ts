import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { runCommand } from './support/commands.ts';
import { it } from './support/end-to-end-test.ts';

describe('The example client', () => {
  it('receives every message that the specification promises it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'example-client-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'outputs.json');
    writeFileSync(file, JSON.stringify({ Stack: inject('stack').outputs }));
    const { status, stdout, stderr } = await runCommand('examples/client.ts', [file]);
    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
    const received = [...stdout.matchAll(/^← \{"type":"(\w+)"/gm)].map(([, type]) => type);
    expect(received.filter((type) => type !== 'AccountUpdate').toSorted()).toStrictEqual([
      ...['AccountTransfer', 'AccountTransfer', 'AccountTransfer'],
      ...['FinalizedTransfer', 'FinalizedTransfer', 'PreparedTransfer', 'PreparedTransfer'],
    ]);
    expect(stdout).toContain('Alice has 750 tokens and Bob has 250.');
  });
});
