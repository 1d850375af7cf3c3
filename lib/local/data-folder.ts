/**
 * The folder in which a local run keeps everything, and the lock that gives it to one local run at a time. What lies in
 * the files is known to those who write them.
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-errors.ts';
import { StartError } from './start-error.ts';

/** Where things lie in the folder. All paths are absolute. */
export interface DataFolderPaths {
  readonly root: string;
  /** What clients read; exists only while the local run is ready. */
  readonly outputs: string;
  readonly queues: string;
  readonly tables: string;
  readonly positions: string;
  /** The synthesized stack and the handlers' bundles. */
  readonly assembly: string;
  readonly logs: string;
}

export interface DataFolder {
  readonly paths: DataFolderPaths;
  /** Whether the local run before this one was killed, so that something of it may still be about to end. */
  readonly predecessorWasKilled: boolean;
  /** Gives the folder to the next local run. */
  readonly release: () => void;
}

/**
 * Takes the folder, creating it where there is none. With `fresh`, what earlier local runs left is deleted first; files
 * of others in the folder are not touched.
 * @throws {StartError} when another local run has it
 */
export function openDataFolder(dir: string, { fresh }: { readonly fresh: boolean }): DataFolder {
  const root = resolve(dir);
  const paths = {
    root,
    outputs: join(root, 'outputs.json'),
    queues: join(root, 'queues'),
    tables: join(root, 'tables'),
    positions: join(root, 'positions'),
    assembly: join(root, 'assembly'),
    logs: join(root, 'logs'),
  };
  createFolder(root);
  const pidFile = join(root, 'pid');
  const lock = takeLock(join(root, 'lock'), pidFile, dir);
  const predecessorWasKilled = readPid(pidFile) !== undefined;
  writeFileSync(pidFile, `${process.pid}\n`);
  rmSync(paths.outputs, { force: true });
  if (fresh) {
    deleteAll([paths.queues, paths.tables, paths.positions, paths.assembly, paths.logs]);
  }
  for (const folder of [paths.queues, paths.tables, paths.positions, paths.logs]) {
    createFolder(folder);
  }
  const release = () => {
    rmSync(pidFile, { force: true });
    lock.close();
  };
  return { paths, predecessorWasKilled, release };
}

/**
 * The operating system holds this lock for the process and drops it when the process ends, however it ends: unlike a
 * file that says who is there, it can't be left behind, and nobody is mistaken for the owner of a reused process ID.
 */
function takeLock(lockFile: string, pidFile: string, dir: string): DatabaseSync {
  const lock = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) {
      throw error;
    }
    const pid = readPid(pidFile);
    throw new StartError(
      `Another local run${pid === undefined ? '' : ` (process ${pid})`} is using ${dir}; ` +
        'stop it, or choose another folder with --dir PATH.',
    );
  }
}

function readPid(pidFile: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(pidFile, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function createFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new StartError(
      `The folder ${path} can't be created (${error instanceof Error ? error.message : error}); ` +
        'choose another one with --dir PATH.',
    );
  }
}

function deleteAll(paths: readonly string[]): void {
  for (const path of paths) {
    rmSync(path, { recursive: true, force: true });
  }
}
