/**
 * The folder in which a local run keeps everything, and the lock that gives it to one local run at a time. What the
 * files hold is known to the parts that write them.
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './emulators/sqlite-errors.ts';
import { StartError } from './start-error.ts';

/** The absolute paths of everything in the folder. */
export interface DataFolderPaths {
  readonly root: string;
  /** The file that clients read; exists only while the local run is ready. */
  readonly outputs: string;
  readonly queues: string;
  readonly tables: string;
  readonly positions: string;
  /** The synthesized stack and the handlers' bundles. */
  readonly assembly: string;
  readonly logs: string;
  /** What clients on this machine remember of the authority; it means nothing to a fresh one. */
  readonly clients: string;
}

export interface DataFolder {
  readonly paths: DataFolderPaths;
  /** Whether the local run before this one was killed; some of its processes may then still be ending. */
  readonly predecessorWasKilled: boolean;
  /** Lets the next local run have the folder. */
  readonly release: () => void;
}

/**
 * Takes the folder, and creates it if necessary. With `fresh`, the data of earlier local runs is deleted first; any other
 * files in the folder stay.
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
    clients: join(root, 'clients'),
  };
  createFolder(root);
  const pidFile = join(root, 'pid');
  const lock = takeLock(join(root, 'lock'), pidFile, dir);
  const predecessorWasKilled = readPid(pidFile) !== undefined;
  writeFileSync(pidFile, `${process.pid}\n`);
  rmSync(paths.outputs, { force: true });
  const { queues, tables, positions, assembly, logs, clients } = paths;
  for (const folder of [queues, tables, positions, assembly, logs, clients]) {
    if (fresh) {
      rmSync(folder, { recursive: true, force: true });
    }
    createFolder(folder);
  }
  const release = () => {
    rmSync(pidFile, { force: true });
    lock.close();
  };
  return { paths, predecessorWasKilled, release };
}

/**
 * The operating system drops this lock when the process ends, however it ends. A file with a process ID could be left
 * behind, and its ID could belong to another process by then.
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
