/** `npm run republish`: its flags, and what it prints. The work is in `republish.ts`. */

import { printMessage } from '../../protocol/codec.ts';
import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import {
  type FlagsOf,
  OperatorError,
  type OperatorOutput,
  operatorCommand,
  readAccountKey,
  readRange,
} from '../operator-command.ts';
import { openReading, SEGMENTS_FLAG, SEGMENTS_HELP } from '../read-tables.ts';
import { STACK_FLAGS, STACK_HELP, withStack } from '../stack-tools.ts';
import { type RepublishResult, republish, type Selection } from './republish.ts';

const HELP = `Publishes messages again, from the items of the tables. Clients must expect any message twice.

  npm run republish -- --account D:C [--from TIME] [--to TIME] [--own] [--apply]
  npm run republish -- --from TIME --to TIME [--apply]

Without --apply nothing is sent; the messages are only counted.

  --account D:C            only messages about this account: debtor ID and creditor ID, as in 1:1099511627777
  --from TIME, --to TIME   only messages whose ts is in this range (--to itself excluded), as in 2027-01-15T08:00:00Z
  --own                    with --account: omit AccountTransfers of what the account has received. Those are on the
                           senders' items, and finding them means reading the whole table
  --apply                  publish
  --print                  write each message on a line of its own
${SEGMENTS_HELP}
${STACK_HELP}
  --help                   show this

commit_period and ttl of AccountUpdate are those of the stack's settings, in its outputs.
Only the latest AccountUpdate of an account and the latest PreparedTransfer of a transfer can be published again; they
replace earlier ones. AccountPurge can't be published again, since its account is gone. Transfers are kept
for 30 days and the maximum message delay (37 days by default) after they were finished, and not longer.

Exit code: 0 when all was done, 1 when messages could not be published or items not be read, 2 when nothing could be done.
`;

const FLAGS = {
  ...STACK_FLAGS,
  ...SEGMENTS_FLAG,
  account: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  own: { type: 'boolean', default: false },
  apply: { type: 'boolean', default: false },
  print: { type: 'boolean', default: false },
} as const;

type Flags = FlagsOf<typeof FLAGS>;

export const runRepublishCommand = operatorCommand({
  help: HELP,
  flags: FLAGS,
  run: (flags, output) => {
    const selection = readSelection(flags);
    return withStack(flags, async (stack) => {
      const result = await republish(selection, {
        ...openReading(stack, flags, output),
        topics: flags.apply ? stack.openTopics() : undefined,
        settings: stack.settings,
        surroundings: REAL_SURROUNDINGS,
        onMessage: (message) => {
          if (flags.print) {
            output.print(printMessage(message));
          }
        },
      });
      report(result, flags, output);
      return result.failedCount === 0 && result.unreadable.length === 0 ? 0 : 1;
    });
  },
});

function readSelection(flags: Flags): Selection {
  const account = flags.account === undefined ? undefined : readAccountKey(flags.account);
  if (account === undefined && (flags.from === undefined || flags.to === undefined)) {
    throw new OperatorError(
      'Which messages? Name an account with --account, or a range with --from and --to; see --help.',
    );
  }
  return { account, range: readRange(flags), withIncoming: !flags.own };
}

function report(
  { counts, failedCount, unreadable }: RepublishResult,
  { apply, print, account }: Flags,
  output: OperatorOutput,
): void {
  // With --print only the messages go to standard output.
  const say = print ? (line: string) => output.tell(`${line}\n`) : output.print;
  const about = account === undefined ? '' : ` about account ${account}`;
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const published = apply ? `Published ${total - failedCount} of ${total}` : `Would publish ${total}`;
  say(`${published} messages${about}.`);
  for (const [type, count] of [...counts].sort()) {
    say(`  ${type}: ${count}`);
  }
  for (const sentence of unreadable) {
    say(`An item can't be read, so its messages are missing: ${sentence}`);
  }
  if (failedCount > 0) {
    say('Some could not be published; run the same command again.');
  }
  if (!apply && total > 0) {
    say('Nothing was sent; add --apply to publish.');
  }
}
