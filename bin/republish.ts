/** `npm run republish`: publishes messages again, of an account or of a range of time; `--help` tells how. */

import { PROCESS_OUTPUT } from '../lib/operations/operator-command.ts';
import { runRepublishCommand } from '../lib/operations/republish/republish-command.ts';

process.exitCode = await runRepublishCommand(process.argv.slice(2), PROCESS_OUTPUT);
