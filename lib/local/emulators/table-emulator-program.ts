/** Finds the program of the table emulator. Each platform has a package of its own; npm installs only one of them by itself. */

import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { StartError } from '../start-error.ts';

/** What Node calls the system and the processor; `process` has both. */
export interface Platform {
  readonly platform: string;
  readonly arch: string;
}

const MANIFEST = join(import.meta.dirname, '..', '..', '..', 'package.json');

/**
 * @param from the URL of a file; packages that it could import are found
 * @returns the program's path
 * @throws {StartError} with the command that installs the platform's package, when it is not installed
 */
export function findTableEmulator({ platform, arch }: Platform, from: string): string {
  const packageName = `@dynoxide/${platform}-${arch}`;
  const manifest = findManifest(packageName, from);
  if (manifest === undefined) {
    throw new StartError(
      `The DynamoDB emulator for ${platform}-${arch} is not installed. Install it with ` +
        `\`npm install --no-save ${packageName}@${neededVersion()}\`, or start another DynamoDB, such as DynamoDB Local, ` +
        'and give its address with --dynamodb-endpoint URL or in LOCAL_DYNAMODB_ENDPOINT.',
    );
  }
  return join(dirname(manifest), platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
}

function findManifest(packageName: string, from: string): string | undefined {
  try {
    return findPackageJSON(packageName, from);
  } catch {
    return undefined;
  }
}

/** All platforms' packages have the same versions. */
function neededVersion(): string {
  const { optionalDependencies } = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  return optionalDependencies['@dynoxide/linux-x64'];
}
