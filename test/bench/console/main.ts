/** `npm run bench:console`: how fluent the console's page stays; see `--help`. */

import { main } from './command-line.ts';

process.exitCode = await main(process.argv.slice(2));
