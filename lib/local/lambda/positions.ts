/**
 * Keeps across restarts how far each mapping has read each stream shard, and when each schedule last fired. All is in one
 * small SQLite file, so that a kill at any moment loses no saved position.
 */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Positions {
  /** The sequence number up to which all records are done; undefined before the first is. */
  readonly load: (mapping: string, shardId: string) => string | undefined;
  readonly save: (mapping: string, shardId: string, sequenceNumber: string) => void;
  /** In milliseconds since 1970; undefined before the schedule first fires. */
  readonly loadFiring: (schedule: string) => number | undefined;
  readonly saveFiring: (schedule: string, firedAt: number) => void;
  readonly close: () => void;
}

export function openPositions(folder: string): Positions {
  const database = new DatabaseSync(join(folder, 'positions.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS positions (
      mapping TEXT, shard_id TEXT, sequence_number TEXT NOT NULL, PRIMARY KEY (mapping, shard_id)
    );
    CREATE TABLE IF NOT EXISTS firings (schedule TEXT PRIMARY KEY, fired_at INTEGER NOT NULL)`);
  const select = database.prepare('SELECT sequence_number FROM positions WHERE mapping = ? AND shard_id = ?');
  const insert = database.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?, ?)');
  const selectFiring = database.prepare('SELECT fired_at FROM firings WHERE schedule = ?');
  const insertFiring = database.prepare('INSERT OR REPLACE INTO firings VALUES (?, ?)');
  return {
    load: (mapping, shardId) => select.get(mapping, shardId)?.sequence_number as string | undefined,
    save: (mapping, shardId, sequenceNumber) => void insert.run(mapping, shardId, sequenceNumber),
    loadFiring: (schedule) => selectFiring.get(schedule)?.fired_at as number | undefined,
    saveFiring: (schedule, firedAt) => void insertFiring.run(schedule, firedAt),
    close: () => database.close(),
  };
}
