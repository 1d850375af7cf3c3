import { describe, expect, it } from 'vitest';
import { runScheduledAudit } from '../../../lib/operations/audit/scheduled-audit.ts';
import { parseTimestamp, type Timestamp } from '../../../lib/protocol/timestamps.ts';
import { TableReader } from '../../../lib/storage/table-reader.ts';
import { wireTablesOf } from '../../support/audits.ts';
import { DEFAULT_SETTINGS } from '../../support/builders.ts';
import type { LedgerWorld } from '../../support/ledger-world.ts';
import { ALICE, aSampleLedger } from '../../support/sample-ledger.ts';
import { ENOUGH_TIME, TestTelemetry } from '../../support/shell-surroundings.ts';

const AT = parseTimestamp('2027-01-15T08:00:00Z') as Timestamp;

async function auditOf(world: LedgerWorld, hasTime: () => boolean = ENOUGH_TIME): Promise<TestTelemetry> {
  const telemetry = new TestTelemetry();
  const surroundings = { now: () => AT, pause: async () => {}, random: () => 0.5 };
  const reader = new TableReader(wireTablesOf(world), { accounts: 'Accounts', transfers: 'Transfers' });
  await runScheduledAudit({ reader, settings: DEFAULT_SETTINGS, surroundings, telemetry, hasTime });
  return telemetry;
}

describe('A scheduled audit', () => {
  it('of a sound ledger completes without findings', async () => {
    const { counts, log } = await auditOf(aSampleLedger().world);
    expect([counts, log]).toStrictEqual([
      { 'Audit.completed': 1 },
      [
        {
          level: 'info',
          message: 'Audited the ledger.',
          details: { accounts: 8, transfers: 14, findings: 0 },
        },
      ],
    ]);
  });

  it('counts and logs what it finds', async () => {
    const { world } = aSampleLedger();
    world.put({ ...world.account(ALICE), principal: 943n });
    const { counts, log } = await auditOf(world);
    expect([
      counts['Audit.completed'],
      counts['Audit.findings'],
      log.filter(({ level }) => level === 'warn').map(({ details }) => details.check),
    ]).toStrictEqual([1, 2, ['principals', 'conservation']]);
  });

  it('without time to read all does not count as made', async () => {
    const { counts, log } = await auditOf(aSampleLedger().world, () => false);
    expect([counts, log]).toStrictEqual([
      {},
      [
        {
          level: 'warn',
          message: 'The ledger is too large for an audit in this time; run npm run audit on a machine.',
          details: { phase: 'accounts', itemCount: expect.any(Number) },
        },
      ],
    ]);
  });
});
