/** `npm run balances`: who has what, and whether it adds up; `--help` says how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('balances');
