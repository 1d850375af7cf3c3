/** The files that functions log to. They are written by the functions' workers. */

import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 10_000_000;

/** The path of a function's log, to be appended to. One that has become large is put aside, in place of the last such. */
export function prepareLogFile(folder: string, label: string): string {
  const path = join(folder, `${label}.log`);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_BYTES) {
    renameSync(path, join(folder, `${label}.previous.log`));
  }
  return path;
}
