/** `npm run resume`: everything takes in work again; `--help` tells how. */

import { PROCESS_OUTPUT } from '../lib/operations/operator-command.ts';
import { runResumeCommand } from '../lib/operations/switches/resume-command.ts';

process.exitCode = await runResumeCommand(process.argv.slice(2), PROCESS_OUTPUT);
