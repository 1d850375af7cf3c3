/** Runs another of the project's programs to its end, one at a time. */

import { type ProgramResult, startNode } from '../support/node-program.ts';

/** Set by the caller: ends the program that runs. */
export const running: { end: () => void } = { end: () => {} };

/** The terminal's Ctrl-C is heard by the caller, which then ends the program. */
export async function runNode(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ProgramResult> {
  const { whenEnded, end } = startNode(args, environment);
  running.end = end;
  const result = await whenEnded;
  running.end = () => {};
  return result;
}
