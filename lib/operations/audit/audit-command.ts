/** `npm run audit`: its flags and its exit code. The audit itself is in `audit.ts`. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import { FactsFile } from '../facts-file.ts';
import {
  type ExitCode,
  type FlagsOf,
  OperatorError,
  type OperatorOutput,
  operatorCommand,
  readInstant,
} from '../operator-command.ts';
import { openReading, SEGMENTS_FLAG, SEGMENTS_HELP } from '../read-tables.ts';
import { STACK_FLAGS, STACK_HELP, type StackTools, withStack } from '../stack-tools.ts';
import { audit } from './audit.ts';
import { AuditFacts } from './facts.ts';
import { AuditFindings } from './findings.ts';
import { jsonReport, textReport } from './report.ts';

const HELP = `Reads both tables of a stack and says, for each currency, whether the guarantees of SMP 2.1, section 10, hold.

  npm run audit -- [--outputs FILE] [--stack NAME] [--segments N] [--at TIME] [--json]
  npm run audit -- --accounts-table NAME --transfers-table NAME [--region NAME] --at TIME

  --accounts-table NAME    audit this table instead of the stack's: a restored copy
  --transfers-table NAME   likewise
  --at TIME                nobody writes to the tables; decide as of this time what is overdue or expired (default now).
                           For a restored copy, give the time of the copy, as in 2027-01-15T08:00:00Z
${SEGMENTS_HELP}
${STACK_HELP}
  --region NAME            AWS region (default that of the stack's topics, or AWS_REGION)
  --json                   write one JSON object a line: findings, currencies, and a summary at the end
  --help                   show this

Only reads, with consistent reads: about one read unit for 4 KB of each table. A ledger in use can be audited: credits
under way are counted, and whatever a concurrent change may explain is read again before it is reported. The audit says
where that gives no certainty. A point-in-time copy of both tables, restored to a quiet moment, gives it.
How long a deleted account stays is told by the stack's settings, in its outputs; for tables without --outputs, by the
environment (APP_…).

Exit code: 0 without findings, 1 with findings, 2 when the audit could not be made.
`;

const FLAGS = {
  ...STACK_FLAGS,
  ...SEGMENTS_FLAG,
  'accounts-table': { type: 'string' },
  'transfers-table': { type: 'string' },
  at: { type: 'string' },
  region: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Flags = FlagsOf<typeof FLAGS>;

export const runAuditCommand = operatorCommand({
  help: HELP,
  flags: FLAGS,
  run: (flags, output) => {
    const now = REAL_SURROUNDINGS.now();
    const at = flags.at === undefined ? now : readInstant('--at', flags.at);
    if (at > now) {
      throw new OperatorError(`--at is ${flags.at}, which is in the future.`);
    }
    return withStack(flags, (stack) => auditStack(stack, at, { flags, output }));
  },
});

async function auditStack(
  stack: StackTools,
  at: Timestamp,
  { flags, output }: { readonly flags: Flags; readonly output: OperatorOutput },
): Promise<ExitCode> {
  const reading = openReading(stack, flags, output);
  const file = new FactsFile();
  try {
    const [facts, findings] = [new AuditFacts(file), new AuditFindings(file)];
    const tools = { ...reading, facts, findings, surroundings: REAL_SURROUNDINGS };
    const { settings } = stack;
    const counts = await audit({ at, isAtRest: flags.at !== undefined, settings }, tools);
    const { accounts: accountsTable, transfers: transfersTable } = stack.tableNames;
    const report = { subject: { accountsTable, transfersTable, at }, counts, findings };
    for (const line of (flags.json ? jsonReport : textReport)(report)) {
      output.print(line);
    }
    return findings.count === 0 ? 0 : 1;
  } finally {
    file.close();
  }
}
