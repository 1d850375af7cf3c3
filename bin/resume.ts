/** `npm run resume`: everything takes in work again; `--help` tells how. */

import { runOperatorTool } from '../lib/operations/command-line.ts';

process.exitCode = await runOperatorTool('resume');
