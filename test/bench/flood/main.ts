/** `npm run bench:flood`: what one peer's flood does to the latency of another; see `--help`. */

import { main } from './command-line.ts';

process.exitCode = await main(process.argv.slice(2));
