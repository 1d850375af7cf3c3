/** `npm run story`: what happened to one account, and what was published about it; `--help` tells how. */

import { PROCESS_OUTPUT } from '../lib/operations/operator-command.ts';
import { runStoryCommand } from '../lib/operations/story/story-command.ts';

process.exitCode = await runStoryCommand(process.argv.slice(2), PROCESS_OUTPUT);
