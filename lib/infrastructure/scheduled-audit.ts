/**
 * The audit on a schedule: one function that reads both tables and changes nothing, an alarm on any finding, and one on
 * audits that are missing, because they were not started, failed, or had too little time for so large a ledger.
 */

import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { tellOf } from './alarms.ts';
import { createFunction, METRICS_NAMESPACE } from './functions.ts';
import type { StackOptions } from './options.ts';
import { onTable } from './permissions.ts';
import { startOnSchedule } from './schedules.ts';
import type { Tables } from './tables.ts';

export interface ScheduledAuditParts {
  readonly tables: Tables;
  readonly codeFolder: string;
  readonly options: StackOptions;
  /** Variables that all functions have. */
  readonly settings: Readonly<Record<string, string>>;
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
    stackName: Stack.of(scope).stackName,
    continuesItself: false,
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
  startOnSchedule(target, options.auditHours * 60, START);
  const metric = (metricName: string) =>
    new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: NAME, stack: Stack.of(scope).stackName },
      period: Duration.hours(options.auditHours),
      statistic: 'Sum',
    });
  const findings = new Alarm(scope, 'AuditFindingsAlarm', {
    metric: metric('Audit.findings'),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.IGNORE,
    alarmDescription: 'The audit has found something in the ledger that is not as it must be.',
  });
  const missing = new Alarm(scope, 'AuditMissingAlarm', {
    metric: metric('Audit.completed'),
    threshold: 1,
    evaluationPeriods: MISSED_AUDITS,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
    alarmDescription: 'The ledger has not been audited for two periods.',
  });
  tellOf(findings, options.alarmTopicArn);
  tellOf(missing, options.alarmTopicArn);
}
