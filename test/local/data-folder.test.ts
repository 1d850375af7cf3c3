import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../lib/local/data-folder.ts';
import { StartError } from '../../lib/local/start-error.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'folder-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

describe('The data folder', () => {
  it('is given to one local run at a time, and the other is told who has it', () => {
    const { release } = openDataFolder(dir, { fresh: false });
    expect(() => openDataFolder(dir, { fresh: false })).toThrow(
      new StartError(
        `Another local run (process ${process.pid}) is using ${dir}; stop it, or choose another folder with --dir PATH.`,
      ),
    );
    release();
    openDataFolder(dir, { fresh: false }).release();
  });

  it('is free after a local run that was killed, and tells so', () => {
    writeFileSync(join(dir, 'lock'), '');
    writeFileSync(join(dir, 'pid'), '4194303\n');
    const first = openDataFolder(dir, { fresh: false });
    expect(first.predecessorWasKilled).toBe(true);
    first.release();
    const second = openDataFolder(dir, { fresh: false });
    expect(second.predecessorWasKilled).toBe(false);
    second.release();
  });

  it('has no outputs before everything is ready, also after a local run that was killed', () => {
    writeFileSync(join(dir, 'outputs.json'), '{}');
    const { paths, release } = openDataFolder(dir, { fresh: false });
    expect(existsSync(paths.outputs)).toBe(false);
    release();
  });

  it('keeps what earlier local runs left', () => {
    mkdirSync(join(dir, 'tables'));
    writeFileSync(join(dir, 'tables', 'data'), 'kept');
    openDataFolder(dir, { fresh: false }).release();
    expect(readdirSync(join(dir, 'tables'))).toStrictEqual(['data']);
  });

  it('is emptied of that, and of nothing else, for a fresh start', () => {
    mkdirSync(join(dir, 'tables'));
    writeFileSync(join(dir, 'tables', 'data'), 'old');
    writeFileSync(join(dir, 'letter.txt'), 'mine');
    openDataFolder(dir, { fresh: true }).release();
    expect(readdirSync(join(dir, 'tables'))).toStrictEqual([]);
    expect(existsSync(join(dir, 'letter.txt'))).toBe(true);
  });

  it('is not emptied while another local run has it', () => {
    const { release } = openDataFolder(dir, { fresh: false });
    writeFileSync(join(dir, 'tables', 'data'), 'used');
    expect(() => openDataFolder(dir, { fresh: true })).toThrow(StartError);
    expect(readdirSync(join(dir, 'tables'))).toStrictEqual(['data']);
    release();
  });

  it('that can not be made is named', () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    expect(() => openDataFolder(join(file, 'inside'), { fresh: false })).toThrow(
      /^The folder .*inside can't be created .*; choose another one with --dir PATH\.$/,
    );
  });
});
