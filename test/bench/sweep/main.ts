/** `npm run bench:sweep`: what a sweep of large tables costs; see `--help`. */

import { main } from './command-line.ts';

process.exitCode = await main(process.argv.slice(2));
