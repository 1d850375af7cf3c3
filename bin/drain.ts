/** `npm run drain`: the stack comes to rest, with nothing lost on the way; `--help` tells how. */

import { PROCESS_OUTPUT } from '../lib/operations/operator-command.ts';
import { runDrainCommand } from '../lib/operations/switches/drain-command.ts';

process.exitCode = await runDrainCommand(process.argv.slice(2), PROCESS_OUTPUT);
