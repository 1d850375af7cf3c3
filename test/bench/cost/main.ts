/** `npm run cost`: what transfers cost on AWS; `--help` tells how. */

import { main } from './command-line.ts';

process.exitCode = main(process.argv.slice(2));
