/**
 * AWS Backup of both tables, as an option: daily, into a vault that keeps them for a time. Point-in-time recovery of the tables
 * does not need it; this is for more than 35 days, for another region, and against a person who deletes tables.
 */

import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupSelection,
  BackupVault,
  type IBackupVault,
} from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { StackOptions } from './options.ts';
import type { Tables } from './tables.ts';

/** Every day at 3 o'clock UTC. */
const DAILY = Schedule.cron({ hour: '3', minute: '0' });

/** Creates nothing where the options want no backups, nor for a stack that is disposable. */
export function createBackups(scope: Construct, tables: Tables, options: StackOptions): void {
  if (options.backupDays === 0 || options.isDisposable) {
    return;
  }
  const retention = Duration.days(options.backupDays);
  const vault = new BackupVault(scope, 'BackupVault', {
    // Without a date from which it can't be changed, this is a lock in governance mode: only who may change vaults can lift it.
    // A lock in compliance mode could be lifted by nobody, not even by AWS.
    lockConfiguration: { minRetention: retention },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const plan = new BackupPlan(scope, 'BackupPlan', {
    backupPlanRules: [
      new BackupPlanRule({
        backupVault: vault,
        scheduleExpression: DAILY,
        deleteAfter: retention,
        copyActions: copiesTo(scope, options.backupCopyVaultArn).map((destinationBackupVault) => ({
          destinationBackupVault,
          deleteAfter: retention,
        })),
      }),
    ],
  });
  new BackupSelection(scope, 'BackupSelection', {
    backupPlan: plan,
    resources: [tables.accounts, tables.transfers].map(({ tableArn }) => BackupResource.fromArn(tableArn)),
  });
}

function copiesTo(scope: Construct, vaultArn: string | undefined): IBackupVault[] {
  return vaultArn === undefined ? [] : [BackupVault.fromBackupVaultArn(scope, 'BackupCopyVault', vaultArn)];
}
