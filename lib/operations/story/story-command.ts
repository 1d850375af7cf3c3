/** `npm run story`: the flags, the reading, and the print-out. How events are put into words is in `story.ts`. */

import { printTimestamp, type Timestamp } from '../../protocol/timestamps.ts';
import { type AccountKey, printAccountKey } from '../../rules/account.ts';
import type { TransferRecord } from '../../rules/transfer.ts';
import { mapConcurrently } from '../../shell/concurrency.ts';
import { parseSettings } from '../../shell/settings.ts';
import type { ReadItem, TableReader } from '../../storage/table-reader.ts';
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
import { describeAccount, eventsOfAccount, eventsOfRecord, LatestEvents, type StoryEvent } from './story.ts';

const HELP = `Tells one account's story: its state, what happened to it in the order of time, and what was published about that.

  npm run story -- D:C [--with-incoming] [--from TIME] [--to TIME] [--limit N]

  D:C                      the account: debtor ID and creditor ID, as in 1:1099511627777
  --with-incoming          also what others have sent to it; those are the senders' items, and finding them takes
                           reading the whole table of transfers
  --from TIME, --to TIME   only what happened in this range, the end not included, as in 2027-01-15T08:00:00Z
  --limit N                at most so many events, the latest ones (default 1000)
  --segments N             parts of the table that are read side by side, 1 to 100 (default 4)
${STACK_HELP}
  --help                   show this

Only reads. Rejected and finished transfers are kept for at least 30 days, so the story begins there.

Exit code: 0 when it was told, 1 when some of it can't be read or there is no such account, 2 when it could not be read at all.
`;

const FLAGS = {
  ...STACK_FLAGS,
  'with-incoming': { type: 'boolean', default: false },
  from: { type: 'string' },
  to: { type: 'string' },
  limit: { type: 'string', default: '1000' },
  segments: { type: 'string', default: '4' },
  help: { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof readFlags<typeof FLAGS>>['values'];

const MAX_LIMIT = 1_000_000;

export async function runStoryCommand(args: readonly string[], output: OperatorOutput): Promise<ExitCode> {
  return runOperatorCommand(async () => {
    const { values, positionals } = readFlags(args, FLAGS, true);
    if (values.help) {
      output.print(HELP);
      return 0;
    }
    const [text, ...others] = positionals;
    if (text === undefined || others.length > 0) {
      throw new OperatorError('Whose story? Name one account, as in 1:1099511627777; see --help.');
    }
    return tell(readAccountKey(text), values, output);
  }, output);
}

async function tell(key: AccountKey, flags: Flags, output: OperatorOutput): Promise<ExitCode> {
  const events = new LatestEvents(readCount('--limit', flags.limit, 1, MAX_LIMIT));
  const unreadable: string[] = [];
  const isWanted = rangeOf(flags);
  const add = (some: readonly StoryEvent[]): void => events.add(some.filter(({ at }) => isWanted(at)));
  const settings = parseSettings(process.env);
  const stack = new StackTools(flags);
  try {
    const { reader } = stack.openTables();
    const item = await reader.readAccount(key);
    tellAccount(key, item, output);
    for await (const page of readRecords(key, reader, flags, output)) {
      for (const record of page) {
        if ('corrupt' in record) {
          unreadable.push(record.corrupt.message);
        } else if (concerns(record.value, key)) {
          add(eventsOfRecord(record.value, key));
        }
      }
    }
    if (item !== undefined && 'value' in item) {
      add(eventsOfAccount(item.value, settings));
    }
    tellEvents(events, unreadable, output);
    return item !== undefined && 'value' in item && unreadable.length === 0 ? 0 : 1;
  } finally {
    stack.close();
  }
}

function rangeOf(flags: Flags): (at: Timestamp) => boolean {
  const from = flags.from === undefined ? undefined : readInstant('--from', flags.from);
  const to = flags.to === undefined ? undefined : readInstant('--to', flags.to);
  return (at) => (from === undefined || at >= from) && (to === undefined || at < to);
}

type RecordPage = readonly ReadItem<TransferRecord>[];

async function* readRecords(
  key: AccountKey,
  reader: TableReader,
  flags: Flags,
  output: OperatorOutput,
): AsyncGenerator<RecordPage> {
  if (!flags['with-incoming']) {
    yield* reader.queryRecords(key);
    return;
  }
  const totalSegments = readCount('--segments', flags.segments, 1, 100);
  const progress = progressTo({ isTTY: output.isTerminal, write: output.tell });
  progress.start('transfers', await reader.countItems('transfers'));
  const pages = Array.from({ length: totalSegments }, (_, segment) =>
    reader.scanRecords({ segment, totalSegments }),
  );
  for (let open = pages; open.length > 0; ) {
    const results = await mapConcurrently(open, totalSegments, (segment) => segment.next());
    for (const { value } of results) {
      if (value !== undefined) {
        progress.advance(value.length);
        yield value;
      }
    }
    open = open.filter((_, index) => !results[index]?.done);
  }
  progress.end();
}

function concerns({ sender, ...record }: TransferRecord, key: AccountKey): boolean {
  if (sender.debtorId !== key.debtorId) {
    return false;
  }
  const isRecipient = record.kind === 'transfer' && record.recipientId === key.creditorId;
  return sender.creditorId === key.creditorId || isRecipient;
}

function tellAccount(
  key: AccountKey,
  item: Awaited<ReturnType<TableReader['readAccount']>>,
  output: OperatorOutput,
): void {
  output.print(`Account ${printAccountKey(key)}`);
  if (item === undefined) {
    output.print('  does not exist');
  } else if ('corrupt' in item) {
    output.print(`  can't be read: ${item.corrupt.message}`);
  } else {
    for (const line of describeAccount(item.value)) {
      output.print(`  ${line}`);
    }
  }
  output.print('');
}

function tellEvents(events: LatestEvents, unreadable: readonly string[], output: OperatorOutput): void {
  if (events.droppedCount > 0) {
    output.print(`(${events.droppedCount} earlier events are left out; --limit shows more)`);
  }
  for (const { at, words, published } of events.inOrder) {
    output.print(`${printTimestamp(at)}  ${words}`);
    for (const publication of published) {
      output.print(`    published: ${publication}`);
    }
  }
  for (const sentence of unreadable) {
    output.print(`An item can't be read: ${sentence}`);
  }
}
