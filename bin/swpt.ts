/** The command `swpt`: verbs for clients and for operators; `swpt --help` lists them. `swpt.cjs` starts it. */

import { runSwpt } from '../lib/client/command/command-line.ts';
import { OPERATOR_VERBS } from '../lib/operations/command-line.ts';

await runSwpt(OPERATOR_VERBS);
