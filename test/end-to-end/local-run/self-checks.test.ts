import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PublishedMessage } from '../../../lib/local/emulators/queue-and-topic-emulator.ts';
import { startLocalRun } from '../../../lib/local/local-run.ts';
import { OTHER_DYNAMODB } from '../../support/other-dynamodb.ts';
import { parseWire } from '../support/wire-json.ts';

const HOLDER_ID = 4_294_967_296n;

describe('A local run that is asked to check itself', () => {
  it('pays through the whole stack, there and back, and audits the ledger', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'synthetic-payment-'));
    const published: PublishedMessage[] = [];
    const troubles: string[] = [];
    const localRun = await startLocalRun({
      dynamoDbEndpoint: OTHER_DYNAMODB,
      port: 0,
      dynamoDbPort: 0,
      dir,
      fresh: false,
      environment: {
        ...process.env,
        APP_SYNTHETIC_PAYMENT_MINUTES: '60',
        APP_SYNTHETIC_DEBTOR_ID: '7',
        APP_AUDIT_HOURS: '24',
      },
      onMessage: (message) => void published.push(message),
      onTrouble: (line) => void troubles.push(line),
    });
    onTestFinished(async () => {
      await localRun.stop();
      rmSync(dir, { recursive: true });
    });
    await localRun.fireSchedules();
    // The audit's metrics.
    const log = readFileSync(join(localRun.logsFolder, 'scheduled-audit.log'), 'utf8');
    expect(log).toContain('"Audit.completed":1,"Audit.findings":0');
    const entries = published
      .map(({ body }) => parseWire(body))
      .filter(({ type }) => type === 'AccountTransfer');
    expect([
      troubles,
      entries.map(({ debtor_id, creditor_id, acquired_amount }) => [debtor_id, creditor_id, acquired_amount]),
    ]).toStrictEqual([
      [],
      [
        [7n, HOLDER_ID, 1n],
        [7n, HOLDER_ID, -1n],
      ],
    ]);
  });
});
