/** A store in one file, through Node's own SQLite: the usual choice for a client on one machine. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type ClientStore,
  type ItemChange,
  type ItemKey,
  type ListedItem,
  type ListOptions,
  StoreError,
} from './client-store.ts';

/** How long a process waits for another one that is writing. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens the store in the file, and makes it where there is none. Several processes of one machine may open it.
 * @param file a path, or `:memory:`
 * @throws {StoreError} where this version of Node has no SQLite, or the file can't be opened
 */
export async function openSqliteStore(file: string): Promise<ClientStore> {
  const { DatabaseSync } = await importSqlite();
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file);
    database.exec(`
      PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS items (
        partition TEXT NOT NULL, sort TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (partition, sort)
      ) WITHOUT ROWID, STRICT;
    `);
  } catch (error) {
    throw new StoreError(`The store ${file} can't be opened.`, { cause: error });
  }
  return new SqliteStore(database);
}

/** @param load stands in for the import in tests */
export async function importSqlite(
  load: () => Promise<typeof import('node:sqlite')> = () => import('node:sqlite'),
): Promise<typeof import('node:sqlite')> {
  try {
    return await load();
  } catch (error) {
    throw new StoreError(
      `Node ${process.versions.node} has no SQLite. Use Node 22.13 or later, or another store.`,
      { cause: error },
    );
  }
}

/** A write that waits for its transaction. */
interface Write {
  readonly changes: readonly ItemChange[];
  readonly resolve: (isWritten: boolean) => void;
  readonly reject: (error: unknown) => void;
}

class SqliteStore implements ClientStore {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  /** Those of one turn of the event loop share a transaction, since most of its cost is that it reaches the disk. */
  #writes: Write[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#get = database.prepare('SELECT text FROM items WHERE partition = ? AND sort = ?');
    this.#insert = database.prepare('INSERT OR IGNORE INTO items (partition, sort, text) VALUES (?, ?, ?)');
    this.#update = database.prepare(
      'UPDATE items SET text = ? WHERE partition = ? AND sort = ? AND text = ?',
    );
    this.#remove = database.prepare('DELETE FROM items WHERE partition = ? AND sort = ? AND text = ?');
    this.#list = database.prepare(
      'SELECT sort, text FROM items WHERE partition = ? AND sort > ? ORDER BY sort LIMIT ?',
    );
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
  }

  async read(keys: readonly ItemKey[], signal?: AbortSignal): Promise<(string | undefined)[]> {
    signal?.throwIfAborted();
    return keys.map((key) => this.#textOf(key));
  }

  async write(changes: readonly ItemChange[], signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      if (this.#writes.push({ changes, resolve, reject }) === 1) {
        setImmediate(() => this.#flush());
      }
    });
  }

  async list(
    partition: string,
    { after = '', limit }: ListOptions,
    signal?: AbortSignal,
  ): Promise<readonly ListedItem[]> {
    signal?.throwIfAborted();
    const rows = this.#list.all(partition, after, limit);
    return rows.map(({ sort, text }) => ({ sort: String(sort), text: String(text) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#flush();
    if (this.#database.isOpen) {
      this.#database.close();
    }
  }

  #flush(): void {
    const writes = this.#writes;
    this.#writes = [];
    if (writes.length === 0) {
      return;
    }
    try {
      const results = this.#transact(writes);
      for (const [index, { resolve }] of writes.entries()) {
        resolve(results[index] === true);
      }
    } catch (error) {
      for (const { reject } of writes) {
        reject(error);
      }
    }
  }

  /** @returns for each write whether it was made; one that is not made changes nothing */
  #transact(writes: readonly Write[]): boolean[] {
    this.#begin.run();
    try {
      const results = writes.map(({ changes }) => this.#apply(changes));
      this.#commit.run();
      return results;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // SQLite has done it by itself, as after some errors of the disk.
    }
  }

  /** Each change checks its condition itself. Where one does not hold, those before it are taken back. */
  #apply(changes: readonly ItemChange[]): boolean {
    const refused = changes.findIndex((change) => !this.#make(change));
    for (const { before, after, ...key } of refused === -1 ? [] : changes.slice(0, refused)) {
      this.#make({ ...key, before: after, after: before });
    }
    return refused === -1;
  }

  #textOf({ partition, sort }: ItemKey): string | undefined {
    const row = this.#get.get(partition, sort);
    return row === undefined ? undefined : String(row.text);
  }

  /** @returns whether the item was as `before` says, and is now as `after` says */
  #make({ partition, sort, before, after }: ItemChange): boolean {
    if (before === undefined) {
      return after === undefined
        ? this.#textOf({ partition, sort }) === undefined
        : this.#insert.run(partition, sort, after).changes === 1;
    }
    return after === undefined
      ? this.#remove.run(partition, sort, before).changes === 1
      : this.#update.run(after, partition, sort, before).changes === 1;
  }
}
