/** `npm run republish`: the flags, and what comes of it. The work itself is in `republish.ts`. */

import { printMessage } from '../../protocol/codec.ts';
import type { Timestamp } from '../../protocol/timestamps.ts';
import { printAccountKey } from '../../rules/account.ts';
import { parseSettings } from '../../shell/settings.ts';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import {
  type ExitCode,
  OperatorError,
  type OperatorOutput,
  readAccountKey,
  readCount,
  readFlags,
  readInstant,
  runOperatorCommand,
} from '../operator-command.ts';
import { progressTo } from '../progress.ts';
import { STACK_FLAGS, STACK_HELP, StackTools } from '../stack-tools.ts';
import { type RepublishResult, republish, type Selection } from './republish.ts';

const HELP = `Publishes messages again, as the items of the tables tell them. Clients must expect any message twice.

  npm run republish -- --account D:C [--from TIME] [--to TIME] [--own] [--apply]
  npm run republish -- --from TIME --to TIME [--apply]

Without --apply nothing is sent: it is only counted what would be.

  --account D:C            messages about this account alone: debtor ID and creditor ID, as in 1:1099511627777
  --from TIME, --to TIME   messages whose ts is in this range, the end not included, as in 2027-01-15T08:00:00Z
  --own                    with --account: leave out AccountTransfers of what the account has received; those are on
                           the senders' items, and finding them takes reading the whole table
  --apply                  publish
  --print                  write each message on a line of its own
  --segments N             parts of a table that are read side by side, 1 to 100 (default 4)
${STACK_HELP}
  --help                   show this

commit_period and ttl of AccountUpdate are taken from the environment (APP_…), as when the stack is deployed.
Only the latest AccountUpdate of an account and the latest PreparedTransfer of a transfer can be published again; earlier
ones are superseded. AccountPurge can't be, since the account is gone. What was finished more than 30 days ago is forgotten.

Exit code: 0 when all was done, 1 when messages could not be published or items not be read, 2 when nothing could be done.
`;

const FLAGS = {
  ...STACK_FLAGS,
  account: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  own: { type: 'boolean', default: false },
  apply: { type: 'boolean', default: false },
  print: { type: 'boolean', default: false },
  segments: { type: 'string', default: '4' },
  help: { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof readFlags<typeof FLAGS>>['values'];

export async function runRepublishCommand(
  args: readonly string[],
  output: OperatorOutput,
): Promise<ExitCode> {
  return runOperatorCommand(async () => {
    const { values } = readFlags(args, FLAGS);
    if (values.help) {
      output.print(HELP);
      return 0;
    }
    return run(values, readSelection(values), output);
  }, output);
}

function readSelection({ account, from, to, own }: Flags): Selection {
  const instant = (flag: string, text: string | undefined): Timestamp | undefined =>
    text === undefined ? undefined : readInstant(flag, text);
  const selection = {
    account: account === undefined ? undefined : readAccountKey(account),
    from: instant('--from', from),
    to: instant('--to', to),
    withIncoming: !own,
  };
  if (selection.account === undefined && (selection.from === undefined || selection.to === undefined)) {
    throw new OperatorError(
      'Which messages? Name an account with --account, or a range with --from and --to; see --help.',
    );
  }
  if (selection.from !== undefined && selection.to !== undefined && selection.from >= selection.to) {
    throw new OperatorError('--to must be later than --from.');
  }
  return selection;
}

async function run(flags: Flags, selection: Selection, output: OperatorOutput): Promise<ExitCode> {
  const segmentCount = readCount('--segments', flags.segments, 1, 100);
  const settings = parseSettings(process.env);
  const stack = new StackTools(flags);
  try {
    const result = await republish(selection, {
      reader: stack.openTables().reader,
      topics: flags.apply ? stack.openTopics() : undefined,
      settings,
      surroundings: REAL_SURROUNDINGS,
      progress: progressTo({ isTTY: output.isTerminal, write: output.tell }),
      segmentCount,
      onMessage: (message) => {
        if (flags.print) {
          output.print(printMessage(message));
        }
      },
    });
    report(result, flags, selection, output);
    return result.failedCount === 0 && result.unreadable.length === 0 ? 0 : 1;
  } finally {
    stack.close();
  }
}

function report(
  { counts, failedCount, unreadable }: RepublishResult,
  { apply, print }: Flags,
  { account }: Selection,
  output: OperatorOutput,
): void {
  // With --print the results are the messages, and nothing else may be among them.
  const say = print ? (line: string) => output.tell(`${line}\n`) : output.print;
  const about = account === undefined ? '' : ` about account ${printAccountKey(account)}`;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const published = apply ? `Published ${total - failedCount} of ${total}` : `Would publish ${total}`;
  say(`${published} messages${about}.`);
  for (const [type, count] of [...counts].sort()) {
    say(`  ${type}: ${count}`);
  }
  for (const sentence of unreadable) {
    say(`An item can't be read, and its messages are missing: ${sentence}`);
  }
  if (failedCount > 0) {
    say('Some could not be published; run the same again.');
  }
  if (!apply && total > 0) {
    say('Nothing was sent; add --apply to publish.');
  }
}
