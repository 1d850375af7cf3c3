/** `npm run redrive`: what is in the dead-letter queues, and trying it again; `--help` tells how. */

import { PROCESS_OUTPUT } from '../lib/shell/operator-command.ts';
import { runRedriveCommand } from '../lib/shell/redrive-command.ts';

process.exitCode = await runRedriveCommand(process.argv.slice(2), PROCESS_OUTPUT);
