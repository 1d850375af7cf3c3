import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareLogFile } from '../../../lib/local/lambda/log-file.ts';

it('A log is appended to until it is large, and then put aside', () => {
  const folder = mkdtempSync(join(tmpdir(), 'logs-'));
  const path = join(folder, 'sweep.log');
  expect(prepareLogFile(folder, 'sweep')).toBe(path);
  writeFileSync(path, 'a line\n');
  prepareLogFile(folder, 'sweep');
  expect(readdirSync(folder)).toStrictEqual(['sweep.log']);
  writeFileSync(path, 'x'.repeat(10_000_001));
  expect(prepareLogFile(folder, 'sweep')).toBe(path);
  expect(readdirSync(folder)).toStrictEqual(['sweep.previous.log']);
  rmSync(folder, { recursive: true });
});
