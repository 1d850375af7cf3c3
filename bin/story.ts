/** `npm run story`: what happened to one account, and what was published about it; `--help` says how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('story');
