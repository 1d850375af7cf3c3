/** `npm run pause`: everything stops taking in work; `--help` tells how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('pause');
