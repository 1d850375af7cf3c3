/** Reads the flags of a command, and refuses wrong ones in a sentence. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { StartError } from './start-error.ts';

/** @throws {StartError} for a flag that is not among the options, or lacks its value */
export function parseFlags<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    // The first sentence of Node's message names the flag; the others are about positional arguments.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new StartError(`${sentence}; see --help.`);
  }
}
