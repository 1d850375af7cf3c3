import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished } from 'vitest';
import { ALICE, BOB, openAliceAndBob } from './support/alice-and-bob.ts';
import { runCommand } from './support/commands.ts';
import { it } from './support/end-to-end-test.ts';
import { issueByHand, keptRecordsOf, putTransfer } from './support/poison.ts';

/** `npm run redrive`, on the stack under test. */
async function redrive(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'redrive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'outputs.json');
  writeFileSync(file, JSON.stringify({ StackUnderTest: inject('stack').outputs }));
  return runCommand('bin/redrive.ts', ['--outputs', file, '--queue', 'stream-failures', ...args]);
}

/** The tool's lines about dead letters, without repetitions. */
function sentencesOf(stdout: string): string[] {
  return [...new Set(stdout.match(/it still can't be read|Repair the item|processed, from its item/g) ?? [])];
}

describe('An item that nobody can read', () => {
  it('stops no stream, is kept whole, and is taken up again when it was repaired', async ({
    stack,
    currency,
  }) => {
    const { debtorId, transfer, receive, untaken } = currency;
    await openAliceAndBob(currency);
    const requestId = 987_654_321n;
    const sound = await issueByHand(stack, { debtorId, recipient: BOB, amount: 7n, requestId });
    const poison = { ...sound, payment: { S: 'a lot' } };

    await putTransfer(stack, poison);
    // These come after it in the stream, under the same key.
    await transfer({ from: 0n, to: ALICE, amount: 5n });
    await transfer({ from: 0n, to: BOB, amount: 3n });
    const kept = await keptRecordsOf(stack, poison, 2);
    expect(kept.map((letter) => [letter.function, letter.record.dynamodb.NewImage])).toStrictEqual([
      ['credit-recipients', poison],
      ['publish-events', poison],
    ]);
    expect(kept.map(({ record }) => record.dynamodb.OldImage)).toStrictEqual([undefined, undefined]);
    for (const { reason, record } of kept) {
      expect(reason).toContain('attribute payment is missing or illegal');
      expect(record.eventSourceARN).toContain(`table/${stack.transfersTableName}/stream/`);
    }
    const refused = await redrive('--apply');
    expect([refused.status, sentencesOf(refused.stdout)], refused.stdout).toStrictEqual([
      1,
      ["it still can't be read", 'Repair the item'],
    ]);
    expect(untaken()).toStrictEqual([]);

    await putTransfer(stack, sound);
    // The new image is enough for a credit. What is published depends on both images.
    await receive('AccountTransfer', { creditor_id: BOB, acquired_amount: 7n });
    await keptRecordsOf(stack, poison, 3);
    expect(untaken()).toStrictEqual([]);
    const done = await redrive('--apply');
    expect([done.status, sentencesOf(done.stdout)], done.stdout).toStrictEqual([
      0,
      ['processed, from its item'],
    ]);
    const fields = { creditor_id: 0n, coordinator_request_id: requestId };
    await receive('PreparedTransfer', { ...fields, locked_amount: 7n });
    await receive('FinalizedTransfer', { ...fields, committed_amount: 7n, status_code: 'OK' });
  });
});
