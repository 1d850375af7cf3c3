/** `npm run deploy`: deploys the stack, unless that would lose a table or a queue; `--help` tells how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('deploy');
