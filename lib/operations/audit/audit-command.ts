/** `npm run audit`: the flags of the audit, and what comes of it. The audit itself is in `audit.ts`. */

import type { Timestamp } from '../../protocol/timestamps.ts';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import { openTables } from '../../storage/table-access.ts';
import {
  type ExitCode,
  OperatorError,
  type OperatorOutput,
  readCount,
  readFlags,
  readInstant,
  runOperatorCommand,
} from '../operator-command.ts';
import { progressTo } from '../progress.ts';
import { DEFAULT_OUTPUTS_FILE, placeOf, readStackOutputs, StackOutputs } from '../stack-outputs.ts';
import { audit } from './audit.ts';
import { AuditFacts } from './facts.ts';
import { AuditFile } from './facts-file.ts';
import { AuditFindings } from './findings.ts';
import { jsonReport, textReport } from './report.ts';

const HELP = `Reads both tables of a stack and tells, for each currency, whether the guarantees of SMP 2.1, section 10, hold.

  npm run audit -- [--outputs FILE] [--stack NAME] [--segments N] [--at TIME] [--json]
  npm run audit -- --accounts-table NAME --transfers-table NAME [--region NAME] --at TIME

  --outputs FILE           the stack's outputs (default ${DEFAULT_OUTPUTS_FILE}, of the local run;
                           otherwise what cdk deploy --outputs-file wrote)
  --stack NAME             which stack, if the file has several
  --accounts-table NAME    audit this table instead of the stack's: a restored copy
  --transfers-table NAME   likewise
  --at TIME                nobody writes to the tables, and what is overdue or forgotten is to be judged as of then
                           (default now); of a restored copy when it was taken, as in 2027-01-15T08:00:00Z
  --segments N             parts of a table that are read side by side, 1 to 100 (default 4)
  --region NAME            AWS region (default that of the stack's topics, or AWS_REGION)
  --endpoint URL           where DynamoDB answers, if not in AWS
  --json                   write one JSON object a line: findings, currencies, and last a summary
  --help                   show this

Only reads, with consistent reads: about one read unit for 4 KB of each table. A ledger in use can be audited: credits
under way are counted, and whatever a change meanwhile may explain is read again before it is reported. Where that gives no
certainty the audit says so; a point-in-time copy of both tables, restored to a quiet moment, then does.

Exit code: 0 without findings, 1 with findings, 2 when the audit could not be made.
`;

const FLAGS = {
  outputs: { type: 'string' },
  stack: { type: 'string' },
  'accounts-table': { type: 'string' },
  'transfers-table': { type: 'string' },
  at: { type: 'string' },
  segments: { type: 'string', default: '4' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const MAX_SEGMENTS = 100;

export async function runAuditCommand(args: readonly string[], output: OperatorOutput): Promise<ExitCode> {
  return runOperatorCommand(async () => {
    const { values } = readFlags(args, FLAGS);
    if (values.help) {
      output.print(HELP);
      return 0;
    }
    const now = REAL_SURROUNDINGS.now();
    const at = values.at === undefined ? now : readInstant('--at', values.at);
    if (at > now) {
      throw new OperatorError(`--at is ${values.at}, which is yet to come.`);
    }
    return auditTables(values, at, output);
  }, output);
}

type Flags = ReturnType<typeof readFlags<typeof FLAGS>>['values'];

async function auditTables(flags: Flags, at: Timestamp, output: OperatorOutput): Promise<ExitCode> {
  const segmentCount = readCount('--segments', flags.segments, 1, MAX_SEGMENTS);
  const outputs = findOutputs(flags);
  const tables = {
    accounts: flags['accounts-table'] ?? outputs.get('AccountsTableName'),
    transfers: flags['transfers-table'] ?? outputs.get('TransfersTableName'),
  };
  const region = flags.region ?? outputs.region;
  const access = openTables(
    placeOf(region, outputs.find('DynamoDbEndpoint'), flags.endpoint, process.env),
    tables,
  );
  const file = new AuditFile();
  try {
    const [facts, findings] = [new AuditFacts(file), new AuditFindings(file)];
    const progress = progressTo({ isTTY: output.isTerminal, write: output.tell });
    const tools = { reader: access.reader, facts, findings, surroundings: REAL_SURROUNDINGS, progress };
    const counts = await audit({ at, isAtRest: flags.at !== undefined, segmentCount }, tools);
    const subject = { accountsTable: tables.accounts, transfersTable: tables.transfers, at };
    for (const line of (flags.json ? jsonReport : textReport)(subject, counts, findings)) {
      output.print(line);
    }
    return findings.count === 0 ? 0 : 1;
  } finally {
    file.close();
    access.close();
  }
}

/** A restored copy needs no outputs: both its tables are named. */
function findOutputs(flags: Flags): StackOutputs {
  const isNamed = flags['accounts-table'] !== undefined && flags['transfers-table'] !== undefined;
  if (isNamed && flags.outputs === undefined) {
    return new StackOutputs('no file', {});
  }
  return readStackOutputs(flags.outputs ?? DEFAULT_OUTPUTS_FILE, flags.stack);
}
