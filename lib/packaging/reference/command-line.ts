/** `npm run docs`: generates the reference of the client library, and refuses to where something has no docstring. */

import { join } from 'node:path';
import { readReference, UnreadableLibraryError } from './reference.ts';

const FOLDER = join('dist', 'reference');

const HELP = `Generates the reference of the client library from its docstrings, as web pages: ${join(FOLDER, 'index.html')}.

  npm run docs                                   generate it
  npm run docs -- --check                        only tell what has no docstring

Exit code: 0, or 1 when something that is exported has no docstring, 2 for a wrong option.`;

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  if (args.some((arg) => arg !== '--check')) {
    console.log(HELP);
    return args.includes('--help') ? 0 : 2;
  }
  const { undocumented, warnings, write } = await readReference();
  for (const name of undocumented) {
    console.error(`${name} has no docstring.`);
  }
  for (const warning of warnings) {
    console.error(warning);
  }
  if (undocumented.length + warnings.length > 0) {
    return 1;
  }
  if (args.length === 0) {
    await write(FOLDER);
    console.log(join(FOLDER, 'index.html'));
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UnreadableLibraryError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
