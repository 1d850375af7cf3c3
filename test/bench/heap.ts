/** How much of this process's memory is really in use: what is left when garbage is collected, without a command line flag. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
export const collectGarbage: () => void = runInNewContext('gc');

/** Otherwise code that was not used for half a minute is thrown away, and what that frees hides what is kept meanwhile. */
export function keepUnusedCode(): void {
  setFlagsFromString('--no-flush-bytecode');
}

/** @returns bytes: V8's heap, and what objects in it hold outside, such as buffers */
export async function memoryInUse(): Promise<number> {
  // What the first collection finds unreachable may be finalized in a later turn, and lets go of more then.
  collectGarbage();
  await nextTurn();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
