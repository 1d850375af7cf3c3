/** `npm run peers`: who the authority's peers are; `--help` tells how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('peers');
