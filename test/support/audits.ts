/** Runs an audit of tables in memory and returns its findings. */

import { type AuditOptions, audit } from '../../lib/operations/audit/audit.ts';
import { AuditFacts } from '../../lib/operations/audit/facts.ts';
import { AuditFile } from '../../lib/operations/audit/facts-file.ts';
import { AuditFindings, type CurrencySummary } from '../../lib/operations/audit/findings.ts';
import { NO_PROGRESS } from '../../lib/operations/progress.ts';
import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import { TableReader } from '../../lib/storage/table-reader.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { type WireItem, WireTables, wireAccount, wireRecord } from './wire-tables.ts';

export interface AuditOutcome {
  readonly counts: { readonly accounts: number; readonly transfers: number };
  /** `check | subject | sentence`, in the order of the report. */
  readonly findings: readonly string[];
  readonly unverified: readonly string[];
  readonly currencies: readonly CurrencySummary[];
}

export function wireTablesOf(world: LedgerWorld): WireTables {
  return new WireTables({
    Accounts: [...world.accounts.values()].map(wireAccount),
    Transfers: [...world.records.values()].map(wireRecord),
  });
}

export async function auditOf(
  client: WireTables,
  at: Timestamp,
  { segmentCount = 2, isAtRest = false }: Partial<Omit<AuditOptions, 'at'>> = {},
): Promise<AuditOutcome> {
  const file = new AuditFile();
  try {
    const [facts, findings] = [new AuditFacts(file), new AuditFindings(file)];
    const reader = new TableReader(client, { accounts: 'Accounts', transfers: 'Transfers' });
    const surroundings = { now: () => at, pause: async () => {}, random: () => 0.5 };
    const counts = await audit(
      { at, isAtRest, segmentCount },
      { reader, facts, findings, surroundings, progress: NO_PROGRESS },
    );
    const currencies = [...findings.currencies()];
    const all = [
      ...currencies.flatMap(({ debtorId }) => [...findings.of(debtorId)]),
      ...findings.ofNoCurrency(),
    ];
    return {
      counts,
      findings: all.map(({ check, subject, sentence }) => `${check} | ${subject} | ${sentence}`),
      unverified: currencies.flatMap(({ debtorId }) => findings.unverifiedOf(debtorId)),
      currencies,
    };
  } finally {
    file.close();
  }
}

export type { WireItem };
