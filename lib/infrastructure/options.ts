/**
 * The options of the stack itself, as text from the CDK context or the environment. The protocol's settings
 * (`APP_MESSAGE_MAX_DELAY_DAYS` and the like) are not here; they reach the stack as the functions' environment.
 */

import { parseTags } from './cost-tags.ts';
import type { RestoredTables } from './tables.ts';

const DEFAULT_STACK_NAME = 'SwaptacularAccounts';

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

const TRAFFIC_SHIFTS = ['linear', 'canary', 'at-once', 'off'] as const;

/**
 * How new versions of functions take over: `linear` and `canary` by and by, and back again on alarms; `at-once` without looking at
 * alarms; `off` without versions and aliases.
 */
export type TrafficShift = (typeof TRAFFIC_SHIFTS)[number];

export interface StackOptions {
  /** Names the deployed stack and its outputs; each stack of an account needs a name of its own. */
  readonly stackName: string;
  readonly logLevel: LogLevel;
  /** Whether the stack is unprotected, and destroying it destroys its tables and logs. Only for tests. */
  readonly isDisposable: boolean;
  /** Whether settings may contradict the protocol. Only for trials. */
  readonly allowsUnsafeSettings: boolean;
  readonly trafficShift: TrafficShift;
  /** How many batches of incoming messages are handled at once, so that a flood starves nobody. */
  readonly incomingConcurrency: number;
  /** Lambda's concurrency that is reserved for publishing, and as much for crediting; undefined reserves none. */
  readonly reservedConcurrency: number | undefined;
  /** The topic that alarms go to; without it they only show in CloudWatch. */
  readonly alarmTopicArn: string | undefined;
  /** The period of synthetic payments; 0 for none. */
  readonly syntheticPaymentMinutes: number;
  /** The currency of synthetic payments. Nobody else may use it. */
  readonly syntheticDebtorId: bigint;
  /** The period of audits; 0 for none. */
  readonly auditHours: number;
  /** The folder of the authority's node, which describes the network; undefined where there are no peers. */
  readonly peersFolder: string | undefined;
  /** How many batches of messages from one peer are handled at once, so that no peer's flood delays another. */
  readonly peerConcurrency: number;
  /** Whether peers' connections are listened for, in a stack of its own. */
  readonly hasStompListener: boolean;
  /** The port to which peers connect. */
  readonly stompPort: number;
  /** How many invocations the AWS account may run at once, for all functions together. */
  readonly concurrencyQuota: number;
  /** Tables that were restored from a backup and become the stack's. */
  readonly restoredTables: RestoredTables | undefined;
  /** How long daily backups in a vault are kept; 0 for none. */
  readonly backupDays: number;
  /** A vault, in another region or account, that gets a copy of each backup. */
  readonly backupCopyVaultArn: string | undefined;
  /** Tags of everything that can have tags, besides those that every stack has. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The environment variable of each option; the option's name in the CDK context comes first. */
export const STACK_OPTION_VARIABLES = {
  stackName: 'APP_STACK_NAME',
  logLevel: 'APP_LOG_LEVEL',
  disposable: 'APP_DISPOSABLE',
  allowUnsafeSettings: 'APP_ALLOW_UNSAFE_SETTINGS',
  trafficShift: 'APP_TRAFFIC_SHIFT',
  incomingConcurrency: 'APP_INCOMING_CONCURRENCY',
  reservedConcurrency: 'APP_RESERVED_CONCURRENCY',
  alarmTopicArn: 'APP_ALARM_TOPIC_ARN',
  syntheticPaymentMinutes: 'APP_SYNTHETIC_PAYMENT_MINUTES',
  syntheticDebtorId: 'APP_SYNTHETIC_DEBTOR_ID',
  auditHours: 'APP_AUDIT_HOURS',
  peers: 'APP_PEERS',
  peerConcurrency: 'APP_PEER_CONCURRENCY',
  concurrencyQuota: 'APP_CONCURRENCY_QUOTA',
  stompListener: 'APP_STOMP_LISTENER',
  stompPort: 'APP_STOMP_PORT',
  accountsStreamArn: 'APP_ACCOUNTS_STREAM_ARN',
  transfersStreamArn: 'APP_TRANSFERS_STREAM_ARN',
  backupDays: 'APP_BACKUP_DAYS',
  backupCopyVaultArn: 'APP_BACKUP_COPY_VAULT_ARN',
  tags: 'APP_TAGS',
} as const;

type OptionName = keyof typeof STACK_OPTION_VARIABLES;
type Source = Readonly<Record<string, string | undefined>>;

/** An option has a wrong value. The message is one sentence for an operator. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError';
}

/**
 * Reads the options; an absent or empty one takes its default.
 * @throws {InvalidOptionError} for the first value that is not allowed
 */
export function parseStackOptions(source: Source): StackOptions {
  const isDisposable = oneOf(['true', 'false'], source, 'disposable') === 'true';
  return {
    stackName: parseStackName(source, 'stackName'),
    logLevel: oneOf(LOG_LEVELS, source, 'logLevel') ?? 'INFO',
    isDisposable,
    // Disposable stacks are for tests, often on emulators, which know neither aliases of mappings nor CodeDeploy.
    trafficShift: oneOf(TRAFFIC_SHIFTS, source, 'trafficShift') ?? (isDisposable ? 'off' : 'linear'),
    allowsUnsafeSettings: oneOf(['true', 'false'], source, 'allowUnsafeSettings') === 'true',
    incomingConcurrency: parseCount(source, 'incomingConcurrency', INCOMING_CONCURRENCY) ?? 10,
    reservedConcurrency: parseCount(source, 'reservedConcurrency', RESERVED_CONCURRENCY),
    alarmTopicArn: readMatch(source, 'alarmTopicArn', TOPIC),
    syntheticPaymentMinutes: parsePeriod(source, 'syntheticPaymentMinutes', SYNTHETIC_PAYMENT_MINUTES),
    syntheticDebtorId: parseDebtorId(source, 'syntheticDebtorId'),
    auditHours: parsePeriod(source, 'auditHours', AUDIT_HOURS),
    peersFolder: read(source, 'peers'),
    peerConcurrency: parseCount(source, 'peerConcurrency', INCOMING_CONCURRENCY) ?? 2,
    hasStompListener: oneOf(['true', 'false'], source, 'stompListener') === 'true',
    stompPort: parseCount(source, 'stompPort', PORTS) ?? 1_234,
    concurrencyQuota: parseCount(source, 'concurrencyQuota', CONCURRENCY_QUOTA) ?? 1_000,
    restoredTables: readRestoredTables(source),
    backupDays: parseCount(source, 'backupDays', BACKUP_DAYS) ?? 0,
    backupCopyVaultArn: readMatch(source, 'backupCopyVaultArn', BACKUP_VAULT),
    tags: readTags(source, 'tags'),
  };
}

function oneOf<Value extends string>(
  allowed: readonly Value[],
  source: Source,
  name: OptionName,
): Value | undefined {
  const value = read(source, name);
  const found = allowed.find((candidate) => candidate === value);
  return value === undefined ? undefined : (found ?? refuse(name, value, `one of ${allowed.join(', ')}`));
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Lambda's bounds for a mapping from SQS. */
const INCOMING_CONCURRENCY = { min: 2, max: 1_000 };
const PORTS = { min: 1, max: 65_535 };
/** Lambda gives an account 1,000 unless it asks for more; a new account may have less. */
const CONCURRENCY_QUOTA = { min: 10, max: 1_000_000 };
/** Whether an account has so much is only known when the stack is deployed. */
const RESERVED_CONCURRENCY = { min: 1, max: 10_000 };

function parseCount(source: Source, name: OptionName, { min, max }: Range): number | undefined {
  const value = read(source, name);
  if (value === undefined) {
    return undefined;
  }
  const isCount = /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
  return isCount ? Number(value) : refuse(name, value, `a whole number from ${min} to ${max}`);
}

function parseStackName(source: Source, name: OptionName): string {
  const value = read(source, name) ?? DEFAULT_STACK_NAME;
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(value)) {
    refuse(name, value, 'letters, digits and hyphens, at most 128, and begin with a letter');
  }
  return value;
}

interface Form {
  readonly pattern: RegExp;
  readonly expectation: string;
}

const TOPIC: Form = { pattern: /^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/, expectation: 'the ARN of an SNS topic' };
const TABLE_STREAM: Form = {
  pattern: /^arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/[\w.-]+\/stream\/[^/]+$/,
  expectation: 'the ARN of a stream of a DynamoDB table',
};
const BACKUP_VAULT: Form = {
  pattern: /^arn:[^:]+:backup:[^:]+:\d{12}:backup-vault:[\w-]+$/,
  expectation: 'the ARN of a backup vault',
};
/** Ten years; AWS Backup itself would keep backups for longer. */
const BACKUP_DAYS = { min: 0, max: 3_660 };

function readMatch(source: Source, name: OptionName, { pattern, expectation }: Form): string | undefined {
  const value = read(source, name);
  return value === undefined || pattern.test(value) ? value : refuse(name, value, expectation);
}

/** One restored table beside a new, empty one would be no ledger. */
function readRestoredTables(source: Source): RestoredTables | undefined {
  const accountsStreamArn = readMatch(source, 'accountsStreamArn', TABLE_STREAM);
  const transfersStreamArn = readMatch(source, 'transfersStreamArn', TABLE_STREAM);
  if (accountsStreamArn === undefined && transfersStreamArn === undefined) {
    return undefined;
  }
  if (accountsStreamArn === undefined || transfersStreamArn === undefined) {
    throw new InvalidOptionError('accountsStreamArn and transfersStreamArn must be given together.');
  }
  if (accountsStreamArn.split('/stream/')[0] === transfersStreamArn.split('/stream/')[0]) {
    throw new InvalidOptionError('accountsStreamArn and transfersStreamArn must be of two tables.');
  }
  return { accountsStreamArn, transfersStreamArn };
}

interface PeriodRange {
  readonly defaultValue: number;
  readonly min: number;
  readonly max: number;
}

/** A payment may take almost two minutes before it counts as failed. */
const SYNTHETIC_PAYMENT_MINUTES = { defaultValue: 5, min: 2, max: 60 };
const AUDIT_HOURS = { defaultValue: 24, min: 1, max: 24 };

/** How often something is done; 0 for never. */
function parsePeriod(source: Source, name: OptionName, { defaultValue, min, max }: PeriodRange): number {
  const value = read(source, name);
  if (value === undefined) {
    return defaultValue;
  }
  const period = /^\d{1,2}$/.test(value) ? Number(value) : Number.NaN;
  const isAllowed = period === 0 || (period >= min && period <= max);
  return isAllowed ? period : refuse(name, value, `a whole number from ${min} to ${max}, or 0`);
}

/**
 * The last ID of the range that the protocol reserves among creditor IDs. It reserves none among debtor IDs, but this one's
 * highest 24 bits are those of agent 0, which is nobody: a subscriber that filters by the prefix of an agent never gets it.
 */
const DEFAULT_SYNTHETIC_DEBTOR_ID = 4294967295n;

function parseDebtorId(source: Source, name: OptionName): bigint {
  const value = read(source, name);
  if (value === undefined) {
    return DEFAULT_SYNTHETIC_DEBTOR_ID;
  }
  const id = /^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined;
  return id !== undefined && BigInt.asIntN(64, id) === id
    ? id
    : refuse(name, value, 'a debtor ID, which is an integer of 64 bits');
}

function readTags(source: Source, name: OptionName): Readonly<Record<string, string>> {
  const value = read(source, name);
  return value === undefined
    ? {}
    : (parseTags(value) ?? refuse(name, value, 'tags like cost-center=42,team=ledger, each once'));
}

function read(source: Source, name: OptionName): string | undefined {
  return source[name]?.trim() || source[STACK_OPTION_VARIABLES[name]]?.trim() || undefined;
}

function refuse(name: OptionName, value: string, expectation: string): never {
  throw new InvalidOptionError(
    `${name} (${STACK_OPTION_VARIABLES[name]}) is ${JSON.stringify(value)}; it must be ${expectation}.`,
  );
}
