/** `npm run console`: shows the ledger of a stack in the browser, for reading only; `--help` says how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('console');
