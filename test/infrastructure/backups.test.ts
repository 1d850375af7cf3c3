import { describe, expect, it } from 'vitest';
import { propertiesOf, synthesize } from './template.ts';

const COPIES = 'arn:aws:backup:eu-west-1:123456789012:backup-vault:copies';

describe('Backups', () => {
  it('are made daily of both tables, into a vault that can still be unlocked, with a copy elsewhere', () => {
    const template = synthesize({ backupDays: '90', backupCopyVaultArn: COPIES });
    expect(template.Resources.BackupVault).toMatchObject({
      Properties: { LockConfiguration: { MinRetentionDays: 90 } },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    expect(template.Resources.BackupVault?.Properties.LockConfiguration).not.toHaveProperty(
      'ChangeableForDays',
    );
    expect(template.Resources.BackupPlan?.Properties.BackupPlan.BackupPlanRule).toStrictEqual([
      {
        CopyActions: [{ DestinationBackupVaultArn: COPIES, Lifecycle: { DeleteAfterDays: 90 } }],
        Lifecycle: { DeleteAfterDays: 90 },
        RuleName: 'BackupPlanRule0',
        ScheduleExpression: 'cron(0 3 * * ? *)',
        TargetBackupVault: 'BackupVault.BackupVaultName',
      },
    ]);
    expect(template.Resources.BackupSelection?.Properties.BackupSelection.Resources).toStrictEqual([
      'Accounts.Arn',
      'Transfers.Arn',
    ]);
  });

  it.each([{}, { backupDays: '0' }, { backupDays: '90', disposable: 'true' }])(
    'are not made with %j',
    (options) => {
      const types = Object.values(synthesize(options).Resources).map(({ Type }) => Type);
      expect(types.filter((type) => type.startsWith('AWS::Backup'))).toStrictEqual([]);
    },
  );
});

describe('Restored tables', () => {
  const table = 'arn:aws:dynamodb:eu-central-1:123456789012:table';
  const [accounts, transfers] = [`${table}/LedgerA/stream/1`, `${table}/LedgerT/stream/2`];
  const template = synthesize({
    accountsStreamArn: accounts,
    transfersStreamArn: transfers,
    auditHours: '24',
  });

  it('become the stack’s tables: it creates none, and feeds from their streams', () => {
    expect(propertiesOf(template, 'AWS::DynamoDB::Table')).toStrictEqual({});
    const sources = Object.values(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).map(
      ({ EventSourceArn }) => EventSourceArn,
    );
    expect(sources.filter((source) => source === accounts || source === transfers)).toStrictEqual([
      transfers,
      accounts,
      transfers,
    ]);
    expect(template.Outputs.AccountsTableName).toMatchObject({ Value: 'LedgerA' });
    expect(template.Outputs.TransfersTableName).toMatchObject({ Value: 'LedgerT' });
  });

  it('are what the functions may read and write, as the stack’s own would be', () => {
    const own = JSON.stringify(propertiesOf(synthesize({ auditHours: '24' }), 'AWS::IAM::Policy'))
      .replaceAll('Accounts.StreamArn', accounts)
      .replaceAll('Transfers.StreamArn', transfers)
      .replaceAll('"Accounts.Arn"', `"${table}/LedgerA"`)
      .replaceAll('"Transfers.Arn"', `"${table}/LedgerT"`);
    expect(JSON.stringify(propertiesOf(template, 'AWS::IAM::Policy'))).toBe(own);
  });
});
