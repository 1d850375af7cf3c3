/** `npm run verify:aws`: what only a real account can show about a stack; see `--help`. */

import { main } from './command-line.ts';

process.exitCode = await main(process.argv.slice(2));
