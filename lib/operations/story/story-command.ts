/** `npm run story`: its flags, what it reads, and what it prints. How events are put into words is in `story.ts`. */

import { printTimestamp } from '../../protocol/timestamps.ts';
import { type Account, type AccountKey, printAccountKey } from '../../rules/account.ts';
import type { TransferRecord } from '../../rules/transfer.ts';
import { isInRange, type TimeRange } from '../../shell/time-range.ts';
import type { ReadItem } from '../../storage/table-reader.ts';
import {
  type FlagsOf,
  OperatorError,
  type OperatorOutput,
  operatorCommand,
  readAccountKey,
  readCount,
  readRange,
} from '../operator-command.ts';
import { openReading, readRecords, SEGMENTS_FLAG, SEGMENTS_HELP } from '../read-tables.ts';
import { STACK_FLAGS, STACK_HELP, withStack } from '../stack-tools.ts';
import { describeAccount, eventsOfAccount, eventsOfRecord, LatestEvents, type StoryEvent } from './story.ts';

const HELP = `Tells one account's story: its state, what happened to it in the order of time, and what was published about that.

  npm run story -- D:C [--with-incoming] [--from TIME] [--to TIME] [--limit N]

  D:C                      the account: debtor ID and creditor ID, as in 1:1099511627777
  --with-incoming          also what others have sent to it. Those are the senders' items, and finding them means
                           reading the whole table of transfers
  --from TIME, --to TIME   only what happened in this range (--to itself excluded), as in 2027-01-15T08:00:00Z
  --limit N                show at most N events, the latest ones (default 1000)
${SEGMENTS_HELP}
${STACK_HELP}
  --help                   show this

Only reads. Rejected and finished transfers are kept for 30 days and the maximum message delay (37 days by default); the story begins there.

Exit code: 0 when all was shown, 1 when some of it can't be read or there is no such account, 2 when nothing could be read.
`;

const FLAGS = {
  ...STACK_FLAGS,
  ...SEGMENTS_FLAG,
  'with-incoming': { type: 'boolean', default: false },
  from: { type: 'string' },
  to: { type: 'string' },
  limit: { type: 'string', default: '1000' },
} as const;

const MAX_LIMIT = 1_000_000;

export const runStoryCommand = operatorCommand({
  help: HELP,
  flags: FLAGS,
  takesArguments: true,
  run: async (flags, output, [text, ...others]) => {
    if (text === undefined || others.length > 0) {
      throw new OperatorError('Whose story? Name one account, as in 1:1099511627777; see --help.');
    }
    const key = readAccountKey(text);
    const story = new Story(key, flags);
    return withStack(flags, async (stack) => {
      const reading = openReading(stack, flags, output);
      const item = await reading.reader.readAccount(key);
      printAccount(key, item, output);
      if (flags['with-incoming']) {
        await readRecords(reading, (page) => story.take(page));
      } else {
        for await (const page of reading.reader.queryRecords(key)) {
          story.take(page);
        }
      }
      const account = item !== undefined && 'value' in item ? item.value : undefined;
      story.add(account === undefined ? [] : eventsOfAccount(account, stack.settings));
      story.print(output);
      return account !== undefined && story.isComplete ? 0 : 1;
    });
  },
});

/** Collects what happened to one account, and prints it. */
class Story {
  readonly #key: AccountKey;
  readonly #range: TimeRange;
  readonly #events: LatestEvents;
  readonly #unreadable: string[] = [];

  constructor(key: AccountKey, flags: FlagsOf<typeof FLAGS>) {
    this.#key = key;
    this.#range = readRange(flags);
    this.#events = new LatestEvents(readCount('--limit', flags.limit, { min: 1, max: MAX_LIMIT }));
  }

  take(page: readonly ReadItem<TransferRecord>[]): void {
    for (const item of page) {
      if ('corrupt' in item) {
        this.#unreadable.push(item.corrupt.message);
      } else if (concerns(item.value, this.#key)) {
        this.add(eventsOfRecord(item.value, this.#key));
      }
    }
  }

  add(events: readonly StoryEvent[]): void {
    this.#events.add(events.filter(({ at }) => isInRange(at, this.#range)));
  }

  get isComplete(): boolean {
    return this.#unreadable.length === 0;
  }

  print(output: OperatorOutput): void {
    if (this.#events.droppedCount > 0) {
      output.print(`(${this.#events.droppedCount} earlier events are omitted; --limit shows more)`);
    }
    for (const { at, words, published } of this.#events.inOrder) {
      output.print(`${printTimestamp(at)}  ${words}`);
      for (const publication of published) {
        output.print(`    published: ${publication}`);
      }
    }
    for (const sentence of this.#unreadable) {
      output.print(`An item can't be read: ${sentence}`);
    }
  }
}

function concerns({ sender, ...record }: TransferRecord, key: AccountKey): boolean {
  if (sender.debtorId !== key.debtorId) {
    return false;
  }
  const isRecipient = record.kind === 'transfer' && record.recipientId === key.creditorId;
  return sender.creditorId === key.creditorId || isRecipient;
}

function printAccount(key: AccountKey, item: ReadItem<Account> | undefined, output: OperatorOutput): void {
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
