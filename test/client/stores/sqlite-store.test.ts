/** What is particular to the store in a file: where there is no SQLite, a file that is none, and that a crash loses nothing. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StoreError } from '../../../lib/client/stores/client-store.ts';
import { importSqlite, openSqliteStore } from '../../../lib/client/stores/sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the store in a file', () => {
  it('says in one sentence what to do where Node has no SQLite', async () => {
    const failed = importSqlite(() => Promise.reject(new Error('No such built-in module: node:sqlite')));
    await expect(failed).rejects.toThrow(StoreError);
    await expect(failed).rejects.toThrow(
      /^Node [0-9.]+ has no SQLite\. Use Node 22\.13 or later, or another store\.$/,
    );
  });

  it('refuses a file that is something else', async () => {
    const file = join(folder, 'text');
    writeFileSync(file, 'no database, '.repeat(100));
    await expect(openSqliteStore(file)).rejects.toThrow(StoreError);
  });

  it('has all that was written by a process that was killed', async () => {
    const file = join(folder, 'killed.sqlite');
    const module = resolve(import.meta.dirname, '../../../lib/client/stores/sqlite-store.ts');
    const program = `
      import { openSqliteStore } from ${JSON.stringify(module)};
      const store = await openSqliteStore(${JSON.stringify(file)});
      await store.write([{ partition: 'p', sort: 'a', before: undefined, after: 'saved' }]);
      process.kill(process.pid, 'SIGKILL');`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program]);
    expect(signal).toBe('SIGKILL');
    await using store = await openSqliteStore(file);
    expect(await store.read([{ partition: 'p', sort: 'a' }])).toStrictEqual(['saved']);
  });

  it('makes or refuses each of the writes of one moment by itself, though they share a transaction', async () => {
    await using store = await openSqliteStore(':memory:');
    const key = (sort: string) => ({ partition: 'p', sort });
    await store.write([{ ...key('a'), before: undefined, after: '1' }]);
    const written = await Promise.all([
      store.write([{ ...key('a'), before: '1', after: '2' }]),
      store.write([
        { ...key('b'), before: undefined, after: 'new' },
        { ...key('a'), before: '2', after: undefined },
        { ...key('c'), before: 'never there', after: 'x' },
      ]),
      store.write([{ ...key('a'), before: '2', after: '3' }]),
    ]);
    expect(written).toStrictEqual([true, false, true]);
    expect(await store.read([key('a'), key('b'), key('c')])).toStrictEqual(['3', undefined, undefined]);
  });

  it('makes what is still to be written before it is closed', async () => {
    const file = join(folder, 'closed.sqlite');
    const store = await openSqliteStore(file);
    const writing = store.write([{ partition: 'p', sort: 'a', before: undefined, after: 'saved' }]);
    await store[Symbol.asyncDispose]();
    expect(await writing).toBe(true);
    await using again = await openSqliteStore(file);
    expect(await again.read([{ partition: 'p', sort: 'a' }])).toStrictEqual(['saved']);
  });
});
