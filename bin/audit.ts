/** `npm run audit`: whether the guarantees hold in the tables of a stack; `--help` tells how. */

import { runAuditCommand } from '../lib/operations/audit/audit-command.ts';
import { PROCESS_OUTPUT } from '../lib/operations/operator-command.ts';

process.exitCode = await runAuditCommand(process.argv.slice(2), PROCESS_OUTPUT);
