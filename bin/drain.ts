/** `npm run drain`: the stack comes to rest, with nothing lost on the way; `--help` tells how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('drain');
