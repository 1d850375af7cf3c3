/** The files that functions log to. The functions' workers write them. */

import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 10_000_000;

/** The path of a function's log, to append to. A log that has become large is renamed, and replaces the one renamed before. */
export function prepareLogFile(folder: string, label: string): string {
  const path = join(folder, `${label}.log`);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_BYTES) {
    renameSync(path, join(folder, `${label}.previous.log`));
  }
  return path;
}
