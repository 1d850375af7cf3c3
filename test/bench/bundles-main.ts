/** `npm run bench:start`: how large the functions' bundles are and how fast they load; see `--help`. */

import { main } from './bundles-command.ts';

process.exitCode = await main(process.argv.slice(2));
