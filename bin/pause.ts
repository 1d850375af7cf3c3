/** `npm run pause`: everything stops taking in work; `--help` tells how. */

import { PROCESS_OUTPUT } from '../lib/operations/operator-command.ts';
import { runPauseCommand } from '../lib/operations/switches/pause-command.ts';

process.exitCode = await runPauseCommand(process.argv.slice(2), PROCESS_OUTPUT);
