/** `npm run simulate`: runs the simulation of `test/simulation/` from the command line; `--help` tells how. */

import { main } from '../test/simulation/command-line.ts';

process.exitCode = await main(process.argv.slice(2));
