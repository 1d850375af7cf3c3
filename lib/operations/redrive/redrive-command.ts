/** `npm run redrive`: its flags, and what it prints about each queue. The work is in `redrive.ts` and `stream-failures.ts`. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  type FlagsOf,
  OperatorError,
  type OperatorOutput,
  operatorCommand,
  readCount,
} from '../operator-command.ts';
import { STACK_FLAGS, STACK_HELP, type StackTools, withStack } from '../stack-tools.ts';
import { DeadLetterReader, type ReceivedDeadLetter } from './dead-letter-reader.ts';
import { describeLetter, REDRIVABLE_QUEUES, type RedrivableQueue, redrive } from './redrive.ts';
import { redriveStreamFailures } from './stream-failures.ts';

/** Queues whose messages are not moved, with their outputs: the work that they are about is done. */
const FAILURE_QUEUES = {
  'stream-failures': 'StreamFailuresQueueUrl',
  'failure-notices': 'FailureNoticesQueueUrl',
} as const;
const QUEUE_NAMES = [...Object.keys(REDRIVABLE_QUEUES), ...Object.keys(FAILURE_QUEUES)];

const HELP = `Shows what is in the dead-letter queues, and tries it again.

  npm run redrive -- [--queue NAME] [--limit N] [--show N]
  npm run redrive -- --queue NAME --apply [--refused] [--forget] [--limit N]

Without --apply the messages are only shown, and nothing is moved. They are hidden from other readers meanwhile.

  --queue NAME             dead-letter      incoming messages that were refused
                           given-up         incoming messages that were given up after many failures
                           chores           announcements of accounts that were given up
                           sweeps           parts of sweeps that were given up; the next sweep does their work anyway
                           stream-failures  stream records that a function could not read, or whose message a topic
                                            refused, kept whole
                           failure-notices  notices of records on which a function has given up. Within an hour the
                                            stack publishes their messages again by itself; this does it at once
                           (default: show all of them)
  --apply                  move messages back to the queue they came from. Each is sent first and deleted afterwards: a
                           crash may leave it in both queues, which does no harm, but never in none.
                           For the last two: do the work that is left, then delete the message. The records of a
                           notice are read again from the stream, for 24 hours. A kept record is processed as soon as
                           this code can read it, or the item that it is about; until then it stays.
                           Requests for transfers that are older than 14 days stay: by the time they are handled, the
                           item that shows whether they are copies may be gone
  --refused                also move messages that have a reason; they are refused again unless the cause was removed
  --forget                 also delete notices whose stream records are gone, and unreadable kept records whose item is
                           gone; first do what is printed about them
  --limit N                look at no more than N messages of a queue (default 10000)
  --show N                 describe N messages of each queue (default 10)
${STACK_HELP}
  --help                   show this

Exit code: 0 when the queues are empty, 1 when something is left in them, 2 when they could not be read.
`;

const FLAGS = {
  ...STACK_FLAGS,
  queue: { type: 'string' },
  apply: { type: 'boolean', default: false },
  refused: { type: 'boolean', default: false },
  forget: { type: 'boolean', default: false },
  limit: { type: 'string', default: '10000' },
  show: { type: 'string', default: '10' },
} as const;

type Flags = FlagsOf<typeof FLAGS>;

const MAX_LETTERS = 100_000;
const MAX_REASONS_SHOWN = 20;

export const runRedriveCommand = operatorCommand({
  help: HELP,
  flags: FLAGS,
  run: async (flags, output) => {
    const names = readQueueNames(flags);
    return withStack(flags, async (stack) => {
      const run = readRun(stack, flags, output);
      let leftCount = 0;
      for (const name of names) {
        leftCount += await redriveQueue(name, run);
      }
      return leftCount === 0 ? 0 : 1;
    });
  },
});

function readQueueNames({ queue, apply }: Flags): readonly string[] {
  if (queue === undefined) {
    if (apply) {
      throw new OperatorError('Which queue? --apply needs --queue NAME; see --help.');
    }
    return QUEUE_NAMES;
  }
  if (!QUEUE_NAMES.includes(queue)) {
    throw new OperatorError(
      `--queue is ${JSON.stringify(queue)}; it must be one of ${QUEUE_NAMES.join(', ')}.`,
    );
  }
  return [queue];
}

/** What all queues are redriven with. */
interface Run {
  readonly stack: StackTools;
  readonly client: SQSClient;
  readonly flags: Flags;
  readonly limit: number;
  readonly showCount: number;
  readonly now: number;
  readonly print: (line: string) => void;
  /** Prints a line about the queue at hand. */
  readonly say: (line: string) => void;
}

function readRun(stack: StackTools, flags: Flags, { print }: OperatorOutput): Run {
  return {
    stack,
    client: stack.openQueues(),
    flags,
    limit: readCount('--limit', flags.limit, { min: 1, max: MAX_LETTERS }),
    showCount: readCount('--show', flags.show, { min: 0, max: MAX_LETTERS }),
    now: Date.now(),
    print,
    say: (line) => print(`  ${line}`),
  };
}

/** @returns how many messages are left */
async function redriveQueue(name: string, run: Run): Promise<number> {
  const { client, stack, flags, limit, now, say } = run;
  const queues: Readonly<Record<string, RedrivableQueue>> = REDRIVABLE_QUEUES;
  const queue = queues[name];
  const url = stack.outputs.get(queue?.output ?? FAILURE_QUEUES[name as keyof typeof FAILURE_QUEUES]);
  const reader = new DeadLetterReader(client, url);
  const count = await reader.count();
  run.print(`Queue ${name}: about ${count} messages`);
  const unseenCount = Math.max(0, count - limit);
  const { apply, forget } = flags;
  const { settings } = stack;
  const leftCount =
    queue === undefined
      ? await redriveStreamFailures(reader, { name, apply, forget, limit, now, settings, say }, stack)
      : await redriveLetters({ name, ...queue }, reader, run);
  if (unseenCount > 0) {
    say(`about ${unseenCount} more were not looked at; --limit is ${limit}`);
  }
  return leftCount + unseenCount;
}

async function redriveLetters(
  queue: RedrivableQueue & { readonly name: string },
  reader: DeadLetterReader,
  { stack, flags, limit, showCount, now, say }: Run,
): Promise<number> {
  const overview = new Overview();
  const { seenCount, movedCount } = await redrive(reader, {
    limit,
    now,
    ...(queue.obstacle && { obstacle: queue.obstacle }),
    sourceUrls: flags.apply ? queue.sources.map((source) => stack.outputs.get(source)) : undefined,
    withRefused: flags.refused,
    onLetter: (letter) => {
      overview.add(letter);
      if (overview.count <= showCount) {
        say(`${printLetter(letter)}: ${describeLetter(letter, queue)}`);
      }
    },
    onTrouble: say,
  });
  for (const line of overview.lines()) {
    say(line);
  }
  if (flags.apply) {
    say(`moved back: ${movedCount} of ${seenCount}`);
  } else if (seenCount > 0) {
    say(`nothing was moved; add --queue ${queue.name} --apply to try them again`);
  }
  return seenCount - movedCount;
}

function printLetter({ messageId, sentAt, receiveCount, reason, sourceQueue }: ReceivedDeadLetter): string {
  const source = sourceQueue === undefined ? '' : `, from ${sourceQueue}`;
  const why = reason === undefined ? 'failed too often' : 'refused';
  return `${messageId} (${why}${source}, sent ${new Date(sentAt).toISOString()}, received ${receiveCount} times)`;
}

/** How many messages there are for each reason, and how old they are. */
class Overview {
  readonly #counts = new Map<string, number>();
  #oldest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;
  count = 0;

  add({ reason = 'failed too often', sentAt }: ReceivedDeadLetter): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    this.#oldest = Math.min(this.#oldest, sentAt);
    this.#latest = Math.max(this.#latest, sentAt);
    this.count += 1;
  }

  *lines(): Generator<string> {
    if (this.count === 0) {
      return;
    }
    yield `sent from ${new Date(this.#oldest).toISOString()} to ${new Date(this.#latest).toISOString()}`;
    const byCount = [...this.#counts].sort(([, a], [, b]) => b - a);
    for (const [reason, count] of byCount.slice(0, MAX_REASONS_SHOWN)) {
      yield `${count} × ${reason}`;
    }
    if (byCount.length > MAX_REASONS_SHOWN) {
      yield `and ${byCount.length - MAX_REASONS_SHOWN} other reasons`;
    }
  }
}
