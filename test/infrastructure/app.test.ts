import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const APP = resolve(import.meta.dirname, '../../bin/app.ts');
const folder = mkdtempSync(join(tmpdir(), 'app-test-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('The CDK app', () => {
  it.each([
    [
      'a setting',
      { APP_ACCOUNT_HEARTBEAT_DAYS: 'weekly' },
      'APP_ACCOUNT_HEARTBEAT_DAYS is "weekly"; it must be a number from 0 to 24855.\n',
    ],
    [
      'an option',
      { APP_LOG_LEVEL: 'loud' },
      'logLevel (APP_LOG_LEVEL) is "loud"; it must be one of DEBUG, INFO, WARN, ERROR.\n',
    ],
    [
      'a setting in the context',
      { CDK_CONTEXT_JSON: '{"APP_ACCOUNT_UPDATE_DELAY_SECONDS":901}' },
      'APP_ACCOUNT_UPDATE_DELAY_SECONDS is "901"; it must be a number from 0 to 900.\n',
    ],
    [
      'a setting against another',
      { APP_ACCOUNT_HEARTBEAT_DAYS: '400' },
      'APP_ACCOUNT_HEARTBEAT_DAYS is 400; it must be at most 14 (SMP 2.1, section 6). For trials, npm start -- --allow-unsafe-settings accepts it.\n',
    ],
    [
      'the name of a setting',
      { APP_ACCOUNT_SCAN_HOURS: '1' },
      'APP_ACCOUNT_SCAN_HOURS is unknown; did you mean APP_ACCOUNTS_SCAN_HOURS?\n',
    ],
    [
      'the name of an option in the context',
      { CDK_CONTEXT_JSON: '{"loglevel":"INFO"}' },
      'loglevel is unknown; did you mean logLevel?\n',
    ],
  ])('ends with one sentence when %s is wrong, and makes nothing', (_, environment, sentence) => {
    const outdir = join(folder, 'wrong');
    expect({ ...runApp(outdir, environment), files: readdirSync(outdir) }).toStrictEqual({
      status: 1,
      stdout: '',
      stderr: sentence,
      files: [],
    });
  });

  it('passes settings to the functions, from the environment and the context', () => {
    const outdir = join(folder, 'right');
    const result = runApp(outdir, {
      APP_ACCOUNT_HEARTBEAT_DAYS: '10',
      APP_ALARM_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:operators',
      CDK_CONTEXT_JSON: '{"APP_ACCOUNT_UPDATE_DELAY_SECONDS":600}',
    });
    expect(result).toStrictEqual({ status: 0, stdout: '', stderr: '' });
    for (const variables of environmentsIn(join(outdir, 'SwaptacularAccounts.template.json'))) {
      expect(variables).toMatchObject({
        APP_ACCOUNT_HEARTBEAT_DAYS: '10',
        APP_ACCOUNT_UPDATE_DELAY_SECONDS: '600',
      });
    }
  });

  it('accepts settings that contradict the protocol where that is allowed', () => {
    const outdir = join(folder, 'unsafe');
    const unsafe = { APP_ALLOW_UNSAFE_SETTINGS: 'true', APP_ACCOUNT_HEARTBEAT_DAYS: '400' };
    expect(runApp(outdir, unsafe).status).toBe(0);
    const [variables] = environmentsIn(join(outdir, 'SwaptacularAccounts.template.json'));
    expect(variables?.APP_ACCOUNT_HEARTBEAT_DAYS).toBe('400');
  });

  it('has a delay of updates that suits the cloud', () => {
    const outdir = join(folder, 'chosen');
    runApp(outdir, {});
    const delays = environmentsIn(join(outdir, 'SwaptacularAccounts.template.json')).map(
      ({ APP_ACCOUNT_UPDATE_DELAY_SECONDS }) => APP_ACCOUNT_UPDATE_DELAY_SECONDS,
    );
    expect(new Set(delays)).toStrictEqual(new Set(['120']));
  });

  it('deploys under another name when it is given one', () => {
    const outdir = join(folder, 'named');
    runApp(outdir, { APP_STACK_NAME: 'SecondLedger' });
    expect(readdirSync(outdir)).toContain('SecondLedger.template.json');
  });

  it('warns when nobody is told of alarms', () => {
    const { status, stderr } = runApp(join(folder, 'alone'), {});
    expect(status).toBe(0);
    expect(stderr).toContain('Nobody is told of alarms: alarmTopicArn (APP_ALARM_TOPIC_ARN) is not set.');
  });
});

/** Without CDK's validation of the template, which is slow and not ours to test. */
function runApp(outdir: string, environment: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [APP], {
    env: { ...process.env, CDK_VALIDATION: 'false', ...environment, CDK_OUTDIR: outdir },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function environmentsIn(templateFile: string): Record<string, unknown>[] {
  const { Resources } = JSON.parse(readFileSync(templateFile, 'utf8')) as {
    Resources: Record<
      string,
      { Type: string; Properties: { Environment: { Variables: Record<string, unknown> } } }
    >;
  };
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties.Environment.Variables);
}
