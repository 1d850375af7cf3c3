/** Runs an audit of tables in memory and returns its findings. */

import { type AuditCounts, audit } from '../../lib/operations/audit/audit.ts';
import { AuditFacts } from '../../lib/operations/audit/facts.ts';
import { AuditFindings, type CurrencySummary } from '../../lib/operations/audit/findings.ts';
import { jsonReport, textReport } from '../../lib/operations/audit/report.ts';
import { FactsFile } from '../../lib/operations/facts-file.ts';
import { NO_PROGRESS } from '../../lib/operations/progress.ts';
import type { Timestamp } from '../../lib/protocol/timestamps.ts';
import { TableReader } from '../../lib/storage/table-reader.ts';
import { DEFAULT_SETTINGS } from './builders.ts';
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

/** What an audit prints, and the same as JSON objects. */
export async function reportOf(
  client: WireTables,
  at: Timestamp,
): Promise<{ readonly text: readonly string[]; readonly json: readonly Record<string, unknown>[] }> {
  return withAudit(client, { at }, (counts, findings) => {
    const subject = { accountsTable: 'Accounts', transfersTable: 'Transfers', at };
    const report = { subject, counts, findings };
    return { text: [...textReport(report)], json: [...jsonReport(report)].map((line) => JSON.parse(line)) };
  });
}

export async function auditOf(
  client: WireTables,
  at: Timestamp,
  { segmentCount = 2, isAtRest = false }: { segmentCount?: number; isAtRest?: boolean } = {},
): Promise<AuditOutcome> {
  return withAudit(client, { at, segmentCount, isAtRest }, (counts, findings) => {
    const currencies = [...findings.currencies()];
    const all = [
      ...currencies.flatMap(({ debtorId }) => [...findings.of(debtorId)]),
      ...findings.ofNoCurrency(),
    ];
    return {
      counts,
      findings: all.map(({ check, subject, sentence }) => `${check} | ${subject} | ${sentence}`),
      unverified: currencies
        .flatMap(({ debtorId }) => findings.unverifiedOf(debtorId))
        .map(({ sentence }) => sentence),
      currencies,
    };
  });
}

async function withAudit<T>(
  client: WireTables,
  {
    at,
    segmentCount = 2,
    isAtRest = false,
  }: { readonly at: Timestamp; readonly segmentCount?: number; readonly isAtRest?: boolean },
  read: (counts: AuditCounts, findings: AuditFindings) => T,
): Promise<T> {
  const file = new FactsFile();
  try {
    const [facts, findings] = [new AuditFacts(file), new AuditFindings(file)];
    const reader = new TableReader(client, { accounts: 'Accounts', transfers: 'Transfers' });
    const surroundings = { now: () => at, pause: async () => {}, random: () => 0.5 };
    const counts = await audit(
      { at, isAtRest, settings: DEFAULT_SETTINGS },
      { reader, segmentCount, facts, findings, surroundings, progress: NO_PROGRESS },
    );
    return read(counts, findings);
  } finally {
    file.close();
  }
}

export type { WireItem };
