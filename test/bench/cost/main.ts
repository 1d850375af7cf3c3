/** `npm run cost`: what transfers cost on AWS; see `--help`. */

import { main } from './command-line.ts';

process.exitCode = main(process.argv.slice(2));
