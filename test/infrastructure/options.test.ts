import { describe, expect, it } from 'vitest';
import { InvalidOptionError, parseStackOptions } from '../../lib/infrastructure/options.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:123456789012:table';

describe('Stack options', () => {
  it('have defaults for a stack that is kept', () => {
    expect(parseStackOptions({ logLevel: '', APP_LOG_LEVEL: ' ' })).toStrictEqual({
      stackName: 'SwaptacularAccounts',
      logLevel: 'INFO',
      isDisposable: false,
      trafficShift: 'linear',
      allowsUnsafeSettings: false,
      incomingConcurrency: 10,
      reservedConcurrency: undefined,
      alarmTopicArn: undefined,
      syntheticPaymentMinutes: 5,
      syntheticDebtorId: 4294967295n,
      auditHours: 24,
      peersFolder: undefined,
      peerConcurrency: 2,
      concurrencyQuota: 1_000,
      hasStompListener: false,
      stompPort: 1_234,
      restoredTables: undefined,
      backupDays: 0,
      backupCopyVaultArn: undefined,
      tags: {},
    });
  });

  it('come from the environment', () => {
    expect(
      parseStackOptions({
        APP_STACK_NAME: 'Second-Ledger-2',
        APP_LOG_LEVEL: 'DEBUG',
        APP_DISPOSABLE: 'true',
        APP_ALLOW_UNSAFE_SETTINGS: 'true',
        APP_TRAFFIC_SHIFT: 'canary',
        APP_INCOMING_CONCURRENCY: '1000',
        APP_RESERVED_CONCURRENCY: '1',
        APP_ALARM_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:operators',
        APP_SYNTHETIC_PAYMENT_MINUTES: '0',
        APP_SYNTHETIC_DEBTOR_ID: '-7',
        APP_AUDIT_HOURS: '1',
        APP_PEERS: 'network/authority',
        APP_PEER_CONCURRENCY: '5',
        APP_CONCURRENCY_QUOTA: '3000',
        APP_STOMP_LISTENER: 'true',
        APP_STOMP_PORT: '61614',
        APP_ACCOUNTS_STREAM_ARN: `${TABLE}/A/stream/2027-01-15T08:00:00.000`,
        APP_TRANSFERS_STREAM_ARN: `${TABLE}/T/stream/2027-01-15T08:00:00.000`,
        APP_BACKUP_DAYS: '90',
        APP_BACKUP_COPY_VAULT_ARN: 'arn:aws:backup:eu-west-1:123456789012:backup-vault:copies',
        APP_TAGS: 'team=ledger',
      }),
    ).toStrictEqual({
      stackName: 'Second-Ledger-2',
      logLevel: 'DEBUG',
      isDisposable: true,
      trafficShift: 'canary',
      allowsUnsafeSettings: true,
      incomingConcurrency: 1000,
      reservedConcurrency: 1,
      alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:operators',
      syntheticPaymentMinutes: 0,
      syntheticDebtorId: -7n,
      auditHours: 1,
      peersFolder: 'network/authority',
      peerConcurrency: 5,
      concurrencyQuota: 3_000,
      hasStompListener: true,
      stompPort: 61_614,
      restoredTables: {
        accountsStreamArn: `${TABLE}/A/stream/2027-01-15T08:00:00.000`,
        transfersStreamArn: `${TABLE}/T/stream/2027-01-15T08:00:00.000`,
      },
      backupDays: 90,
      backupCopyVaultArn: 'arn:aws:backup:eu-west-1:123456789012:backup-vault:copies',
      tags: { team: 'ledger' },
    });
  });

  it('shift traffic by and by, but not on a disposable stack unless asked for', () => {
    const shift = (source: Record<string, string>) => parseStackOptions(source).trafficShift;
    expect(shift({ disposable: 'false' })).toBe('linear');
    expect(shift({ disposable: 'true' })).toBe('off');
    expect(shift({ disposable: 'true', trafficShift: 'at-once' })).toBe('at-once');
  });

  it('come from the context before the environment', () => {
    const options = parseStackOptions({ logLevel: 'WARN', APP_LOG_LEVEL: 'ERROR' });
    expect(options.logLevel).toBe('WARN');
  });

  it.each([
    [
      { stackName: '2nd' },
      'stackName (APP_STACK_NAME) is "2nd"; it must be letters, digits and hyphens, at most 128, and begin with a letter.',
    ],
    [
      { APP_LOG_LEVEL: 'loud' },
      'logLevel (APP_LOG_LEVEL) is "loud"; it must be one of DEBUG, INFO, WARN, ERROR.',
    ],
    [
      { accountsStreamArn: `${TABLE}/A` },
      `accountsStreamArn (APP_ACCOUNTS_STREAM_ARN) is "${TABLE}/A"; it must be the ARN of a stream of a DynamoDB table.`,
    ],
    [
      { accountsStreamArn: `${TABLE}/A/stream/1` },
      'accountsStreamArn and transfersStreamArn must be given together.',
    ],
    [
      { accountsStreamArn: `${TABLE}/A/stream/1`, transfersStreamArn: `${TABLE}/A/stream/2` },
      'accountsStreamArn and transfersStreamArn must be of two tables.',
    ],
    [
      { backupCopyVaultArn: 'copies' },
      'backupCopyVaultArn (APP_BACKUP_COPY_VAULT_ARN) is "copies"; it must be the ARN of a backup vault.',
    ],
    [
      { tags: 'ledger' },
      'tags (APP_TAGS) is "ledger"; it must be tags like cost-center=42,team=ledger, each once.',
    ],
    [
      { incomingConcurrency: '1' },
      'incomingConcurrency (APP_INCOMING_CONCURRENCY) is "1"; it must be a whole number from 2 to 1000.',
    ],
    [
      { APP_RESERVED_CONCURRENCY: '0' },
      'reservedConcurrency (APP_RESERVED_CONCURRENCY) is "0"; it must be a whole number from 1 to 10000.',
    ],
    [
      { trafficShift: 'on' },
      'trafficShift (APP_TRAFFIC_SHIFT) is "on"; it must be one of linear, canary, at-once, off.',
    ],
    [{ disposable: 'yes' }, 'disposable (APP_DISPOSABLE) is "yes"; it must be one of true, false.'],
    [
      { alarmTopicArn: 'arn:aws:sqs:eu-central-1:123456789012:operators' },
      'alarmTopicArn (APP_ALARM_TOPIC_ARN) is "arn:aws:sqs:eu-central-1:123456789012:operators"; it must be the ARN of an SNS topic.',
    ],
    [
      { syntheticPaymentMinutes: '1' },
      'syntheticPaymentMinutes (APP_SYNTHETIC_PAYMENT_MINUTES) is "1"; it must be a whole number from 2 to 60, or 0.',
    ],
    [
      { auditHours: 'daily' },
      'auditHours (APP_AUDIT_HOURS) is "daily"; it must be a whole number from 1 to 24, or 0.',
    ],
    [
      { syntheticDebtorId: '9223372036854775808' },
      'syntheticDebtorId (APP_SYNTHETIC_DEBTOR_ID) is "9223372036854775808"; it must be a debtor ID, which is an integer of 64 bits.',
    ],
  ])('that are wrong are told in one sentence: %o', (source, message) => {
    expect(() => parseStackOptions(source)).toThrow(new InvalidOptionError(message));
  });
});
