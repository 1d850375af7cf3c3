import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { synthesize } from '../../../lib/local/stack/assembly.ts';
import { Stack } from '../../../lib/local/stack/template.ts';
import { StartError } from '../../../lib/local/start-error.ts';

interface FunctionProperties {
  readonly Code: { readonly S3Key: string };
  readonly Environment: { readonly Variables: Record<string, string> };
}

let folder: string;
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assembly-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('The synthesized stack', () => {
  it('is the deployed one, with settings for a person who waits, and the bundle of each function', async () => {
    const { stackName, template, codeFolders } = await synthesize(
      folder,
      { APP_ACCOUNT_HEARTBEAT_DAYS: '9' },
      never,
    );
    expect(stackName).toBe('SwaptacularAccounts');
    const functions = new Stack(stackName, template)
      .resources('AWS::Lambda::Function')
      .map(([, properties]) => properties as unknown as FunctionProperties);
    expect(functions[0]?.Environment.Variables).toMatchObject({
      APP_ACCOUNT_UPDATE_DELAY_SECONDS: '1',
      APP_ACCOUNT_HEARTBEAT_DAYS: '9',
    });
    const bundles = functions.map(({ Code }) => readdirSync(codeFolders[Code.S3Key] ?? 'nowhere'));
    expect(bundles).toStrictEqual(functions.map(() => ['index.mjs']));
  });

  it('is not made with a wrong setting, and the app’s own words tell why', async () => {
    await expect(synthesize(folder, { APP_LOG_LEVEL: 'loud' }, never)).rejects.toThrow(
      new StartError('logLevel (APP_LOG_LEVEL) is "loud"; it must be one of DEBUG, INFO, WARN, ERROR.'),
    );
  });
});
