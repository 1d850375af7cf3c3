import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { findTableEmulator } from '../../../lib/local/emulators/table-emulator-program.ts';
import { StartError } from '../../../lib/local/start-error.ts';

/** @returns the URL of a file beside packages of these names */
function projectWith(...packageNames: string[]): { readonly folder: string; readonly url: string } {
  const folder = mkdtempSync(join(tmpdir(), 'project-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of packageNames) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true });
    writeFileSync(
      join(folder, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '1.2.1' }),
    );
  }
  return { folder, url: pathToFileURL(join(folder, 'main.js')).href };
}

it.each([
  ['darwin', 'arm64', 'dynoxide'],
  ['linux', 'arm64', 'dynoxide'],
  ['win32', 'x64', 'dynoxide.exe'],
])('The table emulator for %s-%s is found when its package is installed', (platform, arch, program) => {
  const { folder, url } = projectWith('@dynoxide/linux-x64', `@dynoxide/${platform}-${arch}`);
  expect(findTableEmulator({ platform, arch }, url)).toBe(
    join(folder, 'node_modules', '@dynoxide', `${platform}-${arch}`, program),
  );
});

it('A missing table emulator is named with the command that installs it', () => {
  const { url } = projectWith('@dynoxide/linux-x64');
  expect(() => findTableEmulator({ platform: 'darwin', arch: 'arm64' }, url)).toThrow(
    new StartError(
      'The DynamoDB emulator for darwin-arm64 is not installed. Install it with ' +
        '`npm install --no-save @dynoxide/darwin-arm64@1.2.1`, or start another DynamoDB, such as DynamoDB Local, ' +
        'and give its address with --dynamodb-endpoint URL or in LOCAL_DYNAMODB_ENDPOINT.',
    ),
  );
});
