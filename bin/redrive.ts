/** `npm run redrive`: what is in the dead-letter queues, and trying it again; `--help` tells how. */

import { PROCESS_OUTPUT } from '../lib/operations/operator-command.ts';
import { runRedriveCommand } from '../lib/operations/redrive/redrive-command.ts';

process.exitCode = await runRedriveCommand(process.argv.slice(2), PROCESS_OUTPUT);
