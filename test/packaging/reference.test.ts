/** The reference of the client library: whoever exports something says what it means. */

import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const PROJECT_FOLDER = resolve(import.meta.dirname, '../..');

function docs(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(PROJECT_FOLDER, 'bin/docs.ts'), ...args],
    { cwd: PROJECT_FOLDER, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('the reference', () => {
  // TypeDoc compiles the library, which takes some seconds, and more on a busy machine.
  it('explains everything that the package exports', { timeout: 300_000 }, () => {
    expect(docs('--check')).toStrictEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('has help, and refuses other options', () => {
    expect(docs('--help').stdout).toContain('npm run docs -- --check');
    expect(docs('--all').status).toBe(2);
  });
});
