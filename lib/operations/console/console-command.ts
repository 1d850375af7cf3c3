/** `npm run console`: opens the console on any stack, for reading only. */

import { REAL_SURROUNDINGS } from '../../shell/surroundings.ts';
import {
  type Command,
  type ExitCode,
  OperatorError,
  type OperatorOutput,
  operatorCommand,
  readCount,
  sentenceOf,
} from '../operator-command.ts';
import { NO_PROGRESS } from '../progress.ts';
import { openReading, SEGMENTS_FLAG, SEGMENTS_HELP } from '../read-tables.ts';
import { STACK_FLAGS, STACK_HELP, type StackTools, withStack } from '../stack-tools.ts';
import { startConsole } from './console.ts';
import { Feed } from './feed.ts';
import { type MessageTap, openMessageTap } from './message-tap.ts';

const HELP = `Shows the ledger of a stack in the browser, on loopback, with your own credentials. It only reads: it has no forms, faults or time.

  npm run console -- [--feed] [--with-under-way] [--port N]

  --feed                   also show the messages that the stack publishes, and the timelines of transfers. For this a queue
                           is made and subscribed to the three topics, and deleted when the console stops. Messages to the
                           stack can't be shown, since taking them from its queue would take them away
  --with-under-way         also the credits that are under way. Finding them means reading the whole table of transfers
  --port N                 port of the console (default 4580, or a free one if that is taken; 0 picks a free one)
${SEGMENTS_HELP}
${STACK_HELP}
  --help                   show this

The accounts table is read as a whole when the page first shows accounts or currencies. While a page is open it is read
again, at most once a minute and for a fiftieth of the time; the accounts on the screen are read every five seconds.
npm start shows the same page for its own stack, with everything. Ctrl-C stops.

Exit code: 0 when it was stopped, 2 when it could not begin.
`;

const FLAGS = {
  ...STACK_FLAGS,
  ...SEGMENTS_FLAG,
  feed: { type: 'boolean', default: false },
  'with-under-way': { type: 'boolean', default: false },
  port: { type: 'string' },
} as const;

const USUAL_PORT = 4580;
const MIN_PAUSE_MS = 60_000;

/** @param whenStopped resolves when the console is to end */
export function consoleCommand(whenStopped: () => Promise<void>): Command {
  return operatorCommand({
    help: HELP,
    flags: FLAGS,
    run: (flags, output) =>
      withStack<ExitCode>(flags, async (stack) => {
        const wanted =
          flags.port === undefined ? undefined : readCount('--port', flags.port, { min: 0, max: 65_535 });
        const stopped = whenStopped();
        const reading = { ...openReading(stack, flags, output), progress: NO_PROGRESS };
        // Fails now, with a sentence, where the tables can't be reached.
        await reading.reader.countItems('accounts');
        const now = () => Number(REAL_SURROUNDINGS.now() / 1_000n);
        const feed = flags.feed ? new Feed(now) : undefined;
        const page = await startOnPort(wanted, (port) =>
          startConsole(port, {
            title: titleOf(stack),
            ...{ feed, actions: undefined },
            ledger: { reading, now, readsTransfers: flags['with-under-way'], minPauseMs: MIN_PAUSE_MS },
          }),
        );
        try {
          const tap = feed && (await tapInto(feed, stack, output));
          output.print(`The console is at ${page.url}. It only reads. Ctrl-C stops it.`);
          await stopped;
          await tap?.close();
        } finally {
          await page.stop();
        }
        return 0;
      }),
  });
}

/** Until Ctrl-C, or until the system ends the process. */
export const runConsoleCommand = consoleCommand(
  () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.once(signal, () => resolve());
      }
    }),
);

function titleOf(stack: StackTools): string {
  const where = stack.outputs.find('DynamoDbEndpoint') ?? stack.outputs.region ?? 'AWS';
  return `${stack.tableNames.accounts} (${where}), read-only`;
}

async function tapInto(
  feed: Feed,
  stack: StackTools,
  { tell }: Pick<OperatorOutput, 'tell'>,
): Promise<MessageTap> {
  const tap = await openMessageTap({
    ...{ sqs: stack.openQueues(), sns: stack.openNotifications() },
    topicArns: Object.values(stack.topicArns),
    onMessage: (body) => feed.add({ kind: 'out', topicName: '', body }),
    onTrouble: (error) => tell(`Messages can't be received: ${sentenceOf(error) ?? error}\n`),
  });
  tell(`Messages come through the queue ${tap.queueUrl}, which is deleted when the console stops.\n`);
  return tap;
}

/** Of nothing in particular, the usual port or, where that is taken, any other. @throws {OperatorError} when the port is taken */
async function startOnPort<T>(wanted: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  try {
    return await start(wanted ?? USUAL_PORT);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) {
      throw error;
    }
    if (wanted === undefined) {
      return start(0);
    }
    throw new OperatorError(
      `Port ${wanted} is taken; choose another one with --port N (0 picks a free one).`,
    );
  }
}
