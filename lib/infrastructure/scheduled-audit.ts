/**
 * The audit on a schedule: one function that reads both tables and changes nothing, an alarm on any finding, and one on
 * audits that are missing, because they were not started, failed, or had too little time for so large a ledger.
 */

import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createAll } from './alarms.ts';
import { createFunction, type OptionalPart, ownMetric } from './functions.ts';
import { onTable } from './permissions.ts';
import { startOnSchedule } from './schedules.ts';
import type { Tables } from './tables.ts';

export interface ScheduledAuditParts extends OptionalPart {
  readonly tables: Tables;
}

const NAME = 'scheduled-audit';
/** The event of the schedule; the function looks for nothing in it. */
const START = { audit: 'start' };

/** With this much Lambda gives a whole processor, which is what the audit uses. */
const MEMORY_MEGABYTES = 1_769;
/** Lambda's most. The audit's file has some 150 bytes for each account and transfer. */
const STORAGE_MEGABYTES = 10_240;

const MISSED_AUDITS = 2;

/** Creates nothing where the options want no audits. */
export function createScheduledAudit(scope: Construct, parts: ScheduledAuditParts): void {
  const { tables, codeFolder, options, settings } = parts;
  if (options.auditHours === 0) {
    return;
  }
  const target = createFunction(scope, NAME, {
    ...options,
    reservedConcurrency: undefined,
    codeFolder,
    memoryMegabytes: MEMORY_MEGABYTES,
    storageMegabytes: STORAGE_MEGABYTES,
    environment: {
      ...settings,
      ACCOUNTS_TABLE_NAME: tables.accounts.tableName,
      TRANSFERS_TABLE_NAME: tables.transfers.tableName,
      // The only folder that a function may write to.
      SQLITE_TMPDIR: '/tmp',
    },
    permissions: [
      onTable(tables.accounts, 'DescribeTable', 'GetItem', 'Scan'),
      onTable(tables.transfers, 'DescribeTable', 'GetItem', 'Query', 'Scan'),
    ],
  });
  startOnSchedule(target, { periodMinutes: options.auditHours * 60, event: START });
  const { stackName, alarmTopicArn, auditHours } = options;
  const metric = (name: string) =>
    ownMetric({ name, service: NAME, stackName, period: Duration.hours(auditHours) });
  const definitions = {
    AuditFindings: {
      metric: metric('Audit.findings'),
      threshold: 1,
      keepsState: true,
      description: 'The audit has found something in the ledger that is not as it must be.',
    },
    AuditMissing: {
      metric: metric('Audit.completed'),
      threshold: 1,
      periods: MISSED_AUDITS,
      isAboutAbsence: true,
      description: 'The ledger has not been audited for two periods.',
    },
  };
  createAll(scope, definitions, alarmTopicArn);
}
