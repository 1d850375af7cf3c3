/** `npm run republish`: publishes messages again, about an account or in a range of time; `--help` says how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('republish');
