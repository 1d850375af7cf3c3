/** `npm run demo`: its flags, a local run of its own in a temporary folder, and the conclusion that it prints. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDynamoDbEndpoint, parseFlags } from '../flags.ts';
import { INTERRUPTED_STATUS, listenForInterruption, whenAborted, whenClosed } from '../interruption.ts';
import { KILLED } from '../lambda/invocation-outcome.ts';
import { type LocalRun, startLocalRun } from '../local-run.ts';
import { StartError } from '../start-error.ts';
import { StopList } from '../stop-list.ts';
import { checkConservation, tabulate } from './balances.ts';
import { audit, MEANING_OF_ZERO, nextSteps, tellFaults } from './conclusion.ts';
import { DemoError } from './demo-error.ts';
import { readExamples } from './examples.ts';
import { openMailbox } from './mailbox.ts';
import { type PlayOptions, play } from './play.ts';
import { createScreen, type Screen } from './screen.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples', 'demo');

const HELP = `Plays a small currency on this machine, and shows what goes in
and what comes out.

  npm run demo -- [--twice] [--reverse] [--crash]
                  [--messages PATH]

  --twice    send every message twice,
             which must change nothing
  --reverse  send messages that don't depend
             on each other in the opposite order
  --crash    do both, and kill functions in
             the middle of their work; the
             audit has the last word
  --messages PATH
             folder with the messages
             (default examples/demo)
  --dynamodb-endpoint URL
             use this DynamoDB, such as DynamoDB
             Local; also LOCAL_DYNAMODB_ENDPOINT
  --help     print this

It starts an accounting authority of its own on
free ports, and leaves nothing behind. The exit
status is 0 if all messages came as expected.
`;

const INTRODUCTION = `
The Harbour Market issues a currency of its own; Ada, Boris and Chiara pay with it.
→ goes into the queue
← comes out of a topic
✗ is refused`;

const STORM_WARNING =
  'Every third invocation of a function is going to be killed, and every third repeated. Every message is sent twice.';

const FLAGS = {
  twice: { type: 'boolean', default: false },
  reverse: { type: 'boolean', default: false },
  crash: { type: 'boolean', default: false },
  messages: { type: 'string', default: EXAMPLES },
  'dynamodb-endpoint': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

interface DemoOptions extends PlayOptions {
  /** The folder with the messages. */
  readonly folder: string;
  /** Whether functions are killed meanwhile. */
  readonly isCrash: boolean;
  readonly dynamoDbEndpoint: string | undefined;
}

/** Runs the demo, and sets the process's exit code. */
export async function runDemoCommand(args: readonly string[]): Promise<void> {
  const screen = createScreen(process.stdout);
  const closing = whenClosed(process.stdout);
  try {
    const options = parseOptions(args);
    if (options === 'help') {
      process.stdout.write(HELP);
    } else {
      await runDemo(options, screen, closing);
    }
  } catch (error) {
    if (!(error instanceof DemoError || error instanceof StartError)) {
      throw error;
    }
    createScreen(process.stderr).line(`\n✗ ${error.message}`, 'red');
    process.exitCode = 1;
  }
}

/** @throws {StartError} for a flag that is unknown or wrong */
function parseOptions(args: readonly string[]): DemoOptions | 'help' {
  const { help, twice, reverse, crash, messages, ...others } = parseFlags(args, FLAGS);
  if (help) {
    return 'help';
  }
  return {
    folder: messages,
    isTwice: twice || crash,
    isReverse: reverse || crash,
    isCrash: crash,
    dynamoDbEndpoint: parseDynamoDbEndpoint(others['dynamodb-endpoint'], process.env),
  };
}

async function runDemo(options: DemoOptions, screen: Screen, closing: AbortSignal): Promise<void> {
  const started = new StopList();
  const interruption = listenForInterruption();
  const signal = AbortSignal.any([interruption, closing]);
  const playing = playOnOwnRun(options, screen, { started, signal });
  try {
    await Promise.race([whenAborted(signal), playing]);
  } finally {
    await started.stopAll();
  }
  // Work that was interrupted must not keep the process alive.
  if (signal.aborted) {
    process.exit(closing.aborted ? 0 : INTERRUPTED_STATUS);
  }
}

interface Surroundings {
  /** Takes whatever must be stopped in the end. */
  readonly started: StopList;
  /** Aborted when the demo is to end early. */
  readonly signal: AbortSignal;
}

async function playOnOwnRun(options: DemoOptions, screen: Screen, surroundings: Surroundings): Promise<void> {
  const { started, signal } = surroundings;
  const rounds = readExamples(options.folder);
  const troubles: string[] = [];
  const localRun = await startOwnRun(options, screen, { ...surroundings, troubles });
  const mailbox = await openMailbox(localRun);
  started.add(mailbox.close);

  screen.line(INTRODUCTION);
  if (options.isCrash) {
    screen.line(STORM_WARNING);
    localRun.faults.startStorm();
  }
  const playedAt = performance.now();
  const broken = Promise.race([mailbox.whenBroken, localRun.whenBroken]).then((error) =>
    Promise.reject(error),
  );
  const principals = await Promise.race([play(rounds, options, { mailbox, screen }), broken]);
  const seconds = secondsSince(playedAt);
  screen.title('Final balances');
  for (const line of tabulate(principals)) {
    screen.line(line);
  }
  checkConservation(principals);
  screen.line(`\n${MEANING_OF_ZERO}`);
  if (options.isCrash) {
    screen.line(tellFaults(localRun.faults.counts()));
    await localRun.untilAtRest();
    screen.title('The audit reads both tables');
    screen.line(await audit(localRun.outputsFile, signal));
  }
  if (troubles.length > 0) {
    throw new DemoError(`Something went wrong during the demo: ${troubles[0]}`);
  }
  const count = rounds.flatMap(({ messages }) => messages).length;
  const copies = options.isTwice ? ', each sent twice,' : '';
  screen.line(`\n✓ ${count} messages${copies} had the expected outcomes within ${seconds} s.`, 'green');
  screen.line(nextSteps(options.isCrash));
}

/** @param troubles takes a line about whatever goes wrong */
async function startOwnRun(
  { dynamoDbEndpoint, isCrash }: DemoOptions,
  screen: Screen,
  { started, signal, troubles }: Surroundings & { readonly troubles: string[] },
): Promise<LocalRun> {
  const dir = mkdtempSync(join(tmpdir(), 'demo-'));
  started.add(() => rmSync(dir, { recursive: true, force: true }));
  const startedAt = performance.now();
  const endProgress = screen.progress('Starting an accounting authority …');
  const starting = startLocalRun({
    ...{ port: 0, dynamoDbPort: 0, dir, fresh: true, isTransient: true, dynamoDbEndpoint },
    onTrouble: (line) => {
      if (isCrash && line.includes(KILLED)) {
        screen.line(`✗ ${line.split(' ')[0]} is killed`, 'red');
      } else {
        troubles.push(line);
      }
    },
  });
  // Added before it has started, since an interruption may come first.
  started.add(async () => (await starting.catch(() => undefined))?.stop());
  try {
    const localRun = await starting;
    endProgress(`Started in ${secondsSince(startedAt)} s.`);
    signal.throwIfAborted();
    return localRun;
  } catch (error) {
    endProgress();
    throw error;
  }
}

function secondsSince(instant: number): string {
  return ((performance.now() - instant) / 1000).toFixed(1);
}
