/**
 * Keeps across restarts how far each mapping has read each stream shard, when each schedule last fired, and what was turned
 * off. All is in one small SQLite file, so that a kill at any moment loses no saved position.
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
  /** Undefined when nobody ever turned it. */
  readonly loadSwitch: (name: string) => SwitchState | undefined;
  readonly saveSwitch: (name: string, state: SwitchState) => void;
  readonly close: () => void;
}

export interface SwitchState {
  readonly isOn: boolean;
  /** In milliseconds since 1970. */
  readonly changedAt: number;
}

export function openPositions(folder: string): Positions {
  const database = new DatabaseSync(join(folder, 'positions.sqlite'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS positions (
      mapping TEXT, shard_id TEXT, sequence_number TEXT NOT NULL, PRIMARY KEY (mapping, shard_id)
    );
    CREATE TABLE IF NOT EXISTS firings (schedule TEXT PRIMARY KEY, fired_at INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, is_on INTEGER NOT NULL, changed_at INTEGER NOT NULL)`);
  const select = database.prepare('SELECT sequence_number FROM positions WHERE mapping = ? AND shard_id = ?');
  const insert = database.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?, ?)');
  const selectFiring = database.prepare('SELECT fired_at FROM firings WHERE schedule = ?');
  const insertFiring = database.prepare('INSERT OR REPLACE INTO firings VALUES (?, ?)');
  const selectSwitch = database.prepare('SELECT is_on, changed_at FROM switches WHERE name = ?');
  const insertSwitch = database.prepare('INSERT OR REPLACE INTO switches VALUES (?, ?, ?)');
  return {
    load: (mapping, shardId) => select.get(mapping, shardId)?.sequence_number as string | undefined,
    save: (mapping, shardId, sequenceNumber) => void insert.run(mapping, shardId, sequenceNumber),
    loadFiring: (schedule) => selectFiring.get(schedule)?.fired_at as number | undefined,
    saveFiring: (schedule, firedAt) => void insertFiring.run(schedule, firedAt),
    loadSwitch: (name) => {
      const row = selectSwitch.get(name);
      return row && { isOn: row.is_on === 1, changedAt: row.changed_at as number };
    },
    saveSwitch: (name, { isOn, changedAt }) => void insertSwitch.run(name, isOn ? 1 : 0, changedAt),
    close: () => database.close(),
  };
}
