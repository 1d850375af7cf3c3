/** The memory that this process really uses, after a garbage collection, without a command line flag. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
export const collectGarbage: () => void = runInNewContext('gc');

/** Otherwise V8 discards code unused for half a minute, and the freed memory hides what was kept meanwhile. */
export function keepUnusedCode(): void {
  setFlagsFromString('--no-flush-bytecode');
}

/** @returns bytes: V8's heap, and memory outside that its objects hold, such as buffers */
export async function memoryInUse(): Promise<number> {
  // Objects that the first collection finds unreachable may be finalized later, and then release more.
  collectGarbage();
  await nextTurn();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
