/** `npm run redrive`: the flags, and what comes of each queue. The work itself is in `redrive.ts` and `stream-failures.ts`. */

import type { SQSClient } from '@aws-sdk/client-sqs';
import { parseSettings } from '../../shell/settings.ts';
import {
  type ExitCode,
  OperatorError,
  type OperatorOutput,
  readCount,
  readFlags,
  runOperatorCommand,
} from '../operator-command.ts';
import { STACK_FLAGS, STACK_HELP, StackTools } from '../stack-tools.ts';
import { type Letter, LetterBox } from './letter-box.ts';
import {
  describeLetter,
  REDRIVABLE_QUEUES,
  type RedrivableName,
  type RedrivableQueue,
  redrive,
} from './redrive.ts';
import { redriveStreamFailures } from './stream-failures.ts';

const QUEUE_NAMES = [...Object.keys(REDRIVABLE_QUEUES), 'stream-failures'] as const;

const HELP = `Shows what is in the dead-letter queues, and tries it again.

  npm run redrive -- [--queue NAME] [--limit N] [--show N]
  npm run redrive -- --queue NAME --apply [--refused] [--forget] [--limit N]

Without --apply nothing is moved: the letters are only looked at. They are hidden from others meanwhile.

  --queue NAME             dead-letter      incoming messages that were refused
                           given-up         incoming messages that were given up after many failures
                           chores           announcements of accounts that were given up
                           sweeps           parts of sweeps that were given up; the next sweep does their work anyway
                           stream-failures  stream records that a function could not read, kept whole; and notices of
                                            records that it has given up after many failures, which lie in the stream
                           (default: a look at all of them)
  --apply                  move letters back to the queue they came from: each is sent first and deleted afterwards, so
                           that a crash may leave it in both queues, which does no harm, and never in none.
                           Of stream failures: do the work that is left. What a notice tells of is read again from the
                           stream, for 24 hours. A kept record is done as soon as this code can read it, or the item that
                           it is about; until then it stays. Each is deleted when its work is done
                           Requests for transfers that are older than 14 days stay: the item that tells copies of one
                           from it may be forgotten by the time they are handled
  --refused                also move letters with a reason; they come back unless what refused them was changed
  --forget                 delete also notices of stream records that are gone, and kept records that can't be read and whose
                           item is gone; do first what is said about them
  --limit N                look at no more than so many letters of a queue (default 10000)
  --show N                 describe so many letters of each queue (default 10)
${STACK_HELP}
  --help                   show this

Exit code: 0 when nothing is left in the queues, 1 when something is, 2 when they could not be looked at.
`;

const FLAGS = {
  ...STACK_FLAGS,
  queue: { type: 'string' },
  apply: { type: 'boolean', default: false },
  refused: { type: 'boolean', default: false },
  forget: { type: 'boolean', default: false },
  limit: { type: 'string', default: '10000' },
  show: { type: 'string', default: '10' },
  help: { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof readFlags<typeof FLAGS>>['values'];

const MAX_LETTERS = 100_000;
const MAX_REASONS_SHOWN = 20;

export async function runRedriveCommand(args: readonly string[], output: OperatorOutput): Promise<ExitCode> {
  return runOperatorCommand(async () => {
    const { values } = readFlags(args, FLAGS);
    if (values.help) {
      output.print(HELP);
      return 0;
    }
    const names = readQueueNames(values);
    const stack = new StackTools(values);
    try {
      const client = stack.openQueues();
      let leftCount = 0;
      for (const name of names) {
        leftCount += await redriveQueue(name, values, stack, client, output);
      }
      return leftCount === 0 ? 0 : 1;
    } finally {
      stack.close();
    }
  }, output);
}

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

/** @returns how many letters are left */
async function redriveQueue(
  name: string,
  flags: Flags,
  stack: StackTools,
  client: SQSClient,
  output: OperatorOutput,
): Promise<number> {
  const limit = readCount('--limit', flags.limit, 1, MAX_LETTERS);
  if (name === 'stream-failures') {
    const box = new LetterBox(client, stack.outputs.get('StreamFailuresQueueUrl'));
    const { apply, forget } = flags;
    const settings = parseSettings(process.env);
    return redriveStreamFailures(box, { apply, forget, limit, now: Date.now(), settings }, stack, output);
  }
  return redriveLetters(name as RedrivableName, flags, limit, stack, client, output);
}

async function redriveLetters(
  name: RedrivableName,
  flags: Flags,
  limit: number,
  { outputs }: StackTools,
  client: SQSClient,
  output: OperatorOutput,
): Promise<number> {
  const queue: RedrivableQueue = REDRIVABLE_QUEUES[name];
  const box = new LetterBox(client, outputs.get(queue.output));
  const showCount = readCount('--show', flags.show, 0, MAX_LETTERS);
  const overview = new Overview();
  output.print(`Queue ${name}: about ${await box.count()} letters`);
  const { seenCount, movedCount } = await redrive(box, {
    limit,
    now: Date.now(),
    ...(queue.obstacle && { obstacle: queue.obstacle }),
    sourceUrls: flags.apply ? queue.sources.map((source) => outputs.get(source)) : undefined,
    withRefused: flags.refused,
    onLetter: (letter) => {
      overview.add(letter);
      if (overview.count <= showCount) {
        output.print(`  ${printLetter(letter)}: ${describeLetter(letter, queue)}`);
      }
    },
    onTrouble: (sentence) => output.print(`  ${sentence}`),
  });
  for (const line of overview.lines()) {
    output.print(`  ${line}`);
  }
  if (flags.apply) {
    output.print(`  moved back: ${movedCount} of ${seenCount}`);
  } else if (seenCount > 0) {
    output.print(`  nothing was moved; add --queue ${name} --apply to try them again`);
  }
  return seenCount - movedCount;
}

function printLetter({ messageId, sentAt, receiveCount, reason, sourceQueue }: Letter): string {
  const source = sourceQueue === undefined ? '' : `, from ${sourceQueue}`;
  const why = reason === undefined ? 'given up' : 'refused';
  return `${messageId} (${why}${source}, sent ${new Date(sentAt).toISOString()}, received ${receiveCount} times)`;
}

/** How many letters there are for each reason, and how old they are. */
class Overview {
  readonly #counts = new Map<string, number>();
  #oldest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;
  count = 0;

  add({ reason = 'given up after too many deliveries', sentAt }: Letter): void {
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
