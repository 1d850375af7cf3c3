/** `npm run audit`: whether the guarantees hold in the tables of a stack; `--help` says how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('audit');
