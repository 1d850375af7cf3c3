/** `npm run redrive`: shows what is in the dead-letter queues, and tries it again; `--help` says how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('redrive');
