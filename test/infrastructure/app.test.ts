import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
      { APP_BATCHING_PROFILE: 'fast' },
      'batchingProfile (APP_BATCHING_PROFILE) is "fast"; it must be one of latency, balanced, throughput.\n',
    ],
    [
      'a setting in the context',
      { CDK_CONTEXT_JSON: '{"APP_ACCOUNT_UPDATE_DELAY_SECONDS":901}' },
      'APP_ACCOUNT_UPDATE_DELAY_SECONDS is "901"; it must be a number from 0 to 900.\n',
    ],
  ])('ends with one sentence when %s is wrong, and makes nothing', (_, environment, sentence) => {
    const outdir = join(folder, 'wrong');
    const { status, stdout, stderr } = spawnSync(process.execPath, [APP], {
      env: { ...process.env, ...environment, CDK_OUTDIR: outdir },
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr, files: readdirSync(outdir) }).toStrictEqual({
      status: 1,
      stdout: '',
      stderr: sentence,
      files: [],
    });
  });
});
