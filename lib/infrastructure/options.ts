/**
 * The choices about the stack itself, as text from the CDK context or the environment. The settings of the protocol
 * (`APP_MESSAGE_MAX_DELAY_DAYS` and the like) are not here; they reach the stack as the functions' environment.
 */

import { BATCHING_PROFILES, type BatchingProfileName } from './batching-profiles.ts';

const DEFAULT_STACK_NAME = 'SwaptacularAccounts';

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export interface StackOptions {
  /** Under which name the stack is deployed, and its outputs are written; another one for each stack of an account. */
  readonly stackName: string;
  readonly batchingProfile: BatchingProfileName;
  readonly logLevel: LogLevel;
  /** Whether destroying the stack also destroys its tables and logs, and nothing protects it. For tests alone. */
  readonly isDisposable: boolean;
  /** Where alarms are sent; without it they only show in CloudWatch. */
  readonly alarmTopicArn: string | undefined;
}

/** Where each option is looked up: first under its name in the CDK context, then under its environment variable. */
export const STACK_OPTION_VARIABLES = {
  stackName: 'APP_STACK_NAME',
  batchingProfile: 'APP_BATCHING_PROFILE',
  logLevel: 'APP_LOG_LEVEL',
  disposable: 'APP_DISPOSABLE',
  alarmTopicArn: 'APP_ALARM_TOPIC_ARN',
} as const;

type OptionName = keyof typeof STACK_OPTION_VARIABLES;
type Source = Readonly<Record<string, string | undefined>>;

/** An option's text is none of its values. The message is one sentence for an operator. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError';
}

/**
 * Reads the options; what is absent or empty takes its default.
 * @throws {InvalidOptionError} for the first value that is not allowed
 */
export function parseStackOptions(source: Source): StackOptions {
  return {
    stackName: parseStackName(source, 'stackName'),
    batchingProfile: oneOf(
      Object.keys(BATCHING_PROFILES),
      'balanced',
      source,
      'batchingProfile',
    ) as BatchingProfileName,
    logLevel: oneOf(LOG_LEVELS, 'INFO', source, 'logLevel') as LogLevel,
    isDisposable: oneOf(['true', 'false'], 'false', source, 'disposable') === 'true',
    alarmTopicArn: parseTopicArn(source, 'alarmTopicArn'),
  };
}

function oneOf(allowed: readonly string[], defaultValue: string, source: Source, name: OptionName): string {
  const value = read(source, name) ?? defaultValue;
  if (!allowed.includes(value)) {
    refuse(name, value, `one of ${allowed.join(', ')}`);
  }
  return value;
}

function parseStackName(source: Source, name: OptionName): string {
  const value = read(source, name) ?? DEFAULT_STACK_NAME;
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(value)) {
    refuse(name, value, 'letters, digits and hyphens, at most 128, and begin with a letter');
  }
  return value;
}

function parseTopicArn(source: Source, name: OptionName): string | undefined {
  const value = read(source, name);
  if (value !== undefined && !/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(value)) {
    refuse(name, value, 'the ARN of an SNS topic');
  }
  return value;
}

function read(source: Source, name: OptionName): string | undefined {
  return source[name]?.trim() || source[STACK_OPTION_VARIABLES[name]]?.trim() || undefined;
}

function refuse(name: OptionName, value: string, expectation: string): never {
  throw new InvalidOptionError(
    `${name} (${STACK_OPTION_VARIABLES[name]}) is ${JSON.stringify(value)}; it must be ${expectation}.`,
  );
}
