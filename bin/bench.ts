/** `npm run bench`: runs the benchmark of `test/bench/` from the command line; `--help` tells how. */

import { main } from '../test/bench/command-line.ts';

process.exitCode = await main(process.argv.slice(2));
