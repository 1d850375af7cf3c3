/** `npm run mutate`: which changes of the code no unit test notices; `--help` tells how. */

import { main } from './command-line.ts';

process.exitCode = await main(process.argv.slice(2));
