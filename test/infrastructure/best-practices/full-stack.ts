/** The options that create every optional part of the stack. */

export const FULL_STACK: Readonly<Record<string, string>> = {
  syntheticPaymentMinutes: '5',
  auditHours: '24',
  alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:operators',
  reservedConcurrency: '10',
  trafficShift: 'linear',
  backupDays: '90',
  backupCopyVaultArn: 'arn:aws:backup:eu-west-1:123456789012:backup-vault:copies',
};
