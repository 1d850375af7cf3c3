import { describe, expect, it } from 'vitest';
import { refuseMisspelledNames } from '../../lib/infrastructure/known-names.ts';
import { InvalidOptionError } from '../../lib/infrastructure/options.ts';

const SETTINGS = ['APP_ACCOUNTS_SCAN_HOURS', 'APP_ACCOUNT_HEARTBEAT_DAYS'];

describe('Names of options and settings', () => {
  it.each([
    ['a letter that is missing', 'APP_ACCOUNT_SCAN_HOURS', 'APP_ACCOUNTS_SCAN_HOURS'],
    ['another letter', 'APP_LOG_LEVAL', 'APP_LOG_LEVEL'],
    ['two letters that changed places', 'APP_ACCOUNT_HAERTBEAT_DAYS', 'APP_ACCOUNT_HEARTBEAT_DAYS'],
    ['two letters too many', 'APP_STACK_NAMESS', 'APP_STACK_NAME'],
  ])('are refused in the environment with %s', (_, name, meant) => {
    expect(() => refuseMisspelledNames({ variables: ['PATH', name], context: [] }, SETTINGS)).toThrow(
      new InvalidOptionError(`${name} is unknown; did you mean ${meant}?`),
    );
  });

  it.each([
    ['stackname', 'stackName'],
    ['loglevels', 'logLevel'],
    ['APP_ACCOUNTS_SCAN_HOUR', 'APP_ACCOUNTS_SCAN_HOURS'],
  ])('are refused in the context: %s', (name, meant) => {
    expect(() => refuseMisspelledNames({ variables: [], context: [name] }, SETTINGS)).toThrow(
      new InvalidOptionError(`${name} is unknown; did you mean ${meant}?`),
    );
  });

  it('may be those of others', () => {
    const variables = [
      'APP_ENV',
      'APP_NAME',
      'APP_ACCOUNT_SCAN',
      'MY_APP_LOG_LEVEL',
      'LOG_LEVEL',
      'logLevels',
    ];
    const context = [
      'aws:cdk:enable-path-metadata',
      '@aws-cdk/core:stackRelativeExports',
      'cli-telemetry',
      'env',
    ];
    expect(() => refuseMisspelledNames({ variables, context }, SETTINGS)).not.toThrow();
  });

  it('are known as they are written', () => {
    const names = ['stackName', 'APP_STACK_NAME', ...SETTINGS];
    expect(() => refuseMisspelledNames({ variables: names, context: names }, SETTINGS)).not.toThrow();
  });
});
