/** `npm run demo`: its flags, its own local run in a folder that is deleted afterwards, and what it says at the end. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocalRun } from '../local-run.ts';
import { StartError } from '../start-error.ts';
import { createStopList, type StopList } from '../stop-list.ts';
import { checkConservation, tabulate } from './balances.ts';
import { DemoError } from './demo-error.ts';
import { readExamples } from './examples.ts';
import { openMailbox } from './mailbox.ts';
import { type PlayOptions, play } from './play.ts';
import { createScreen, type Screen } from './screen.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples', 'demo');

const HELP = `Plays a small currency on this machine, and shows what goes in and what comes out.

  npm run demo -- [--twice] [--reverse] [--messages PATH]

  --twice          send every message twice, which must change nothing
  --reverse        send messages in the opposite order, as far as they don't depend on each other
  --messages PATH  folder with the messages (default examples/demo)
  --help           show this

It starts an accounting authority of its own on free ports and leaves nothing behind. The exit status is 0 when
everything came as expected.
`;

const INTRODUCTION = `
The Harbour Market issues a currency of its own; Ada, Boris and Chiara pay with it.
→ goes into the queue   ← comes out of a topic   ✗ is refused`;

const FLAGS = {
  twice: { type: 'boolean', default: false },
  reverse: { type: 'boolean', default: false },
  messages: { type: 'string', default: EXAMPLES },
  help: { type: 'boolean', default: false },
} as const;

const INTERRUPTED_STATUS = 130;

/** Runs the demo, and sets the process's exit code. */
export async function runDemoCommand(args: readonly string[]): Promise<void> {
  const screen = createScreen(process.stdout);
  try {
    const values = readFlags(args);
    if (values.help) {
      process.stdout.write(HELP);
    } else {
      await runDemo(values.messages, { isTwice: values.twice, isReverse: values.reverse }, screen);
    }
  } catch (error) {
    if (!(error instanceof DemoError || error instanceof StartError)) {
      throw error;
    }
    createScreen(process.stderr).line(`\n✗ ${error.message}`, 'red');
    process.exitCode = 1;
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new DemoError(`${sentence}; see --help.`);
  }
}

async function runDemo(folder: string, options: PlayOptions, screen: Screen): Promise<void> {
  const started = createStopList();
  const interruption = listenForInterruption();
  const playing = playOnOwnRun(folder, options, screen, { started, interruption });
  try {
    const ending = await Promise.race([whenAborted(interruption), playing]);
    if (ending !== undefined) {
      screen.line(`\n✓ ${ending}`, 'green');
    }
  } finally {
    await started.stopAll();
  }
  // What was given up on in the middle must not keep the process.
  if (interruption.aborted) {
    process.exit(INTERRUPTED_STATUS);
  }
}

/** @returns what to say at the end */
async function playOnOwnRun(
  folder: string,
  options: PlayOptions,
  screen: Screen,
  { started, interruption }: { readonly started: StopList; readonly interruption: AbortSignal },
): Promise<string> {
  const rounds = readExamples(folder);
  const dir = mkdtempSync(join(tmpdir(), 'demo-'));
  started.add(() => rmSync(dir, { recursive: true, force: true }));
  const startedAt = performance.now();
  const showReady = screen.progress('Starting an accounting authority on this machine …');
  const troubles: string[] = [];
  const starting = startLocalRun({
    ...{ port: 0, dynamoDbPort: 0, dir, fresh: true },
    onTrouble: (line) => troubles.push(line),
  });
  // Also when it is interrupted while it is starting.
  started.add(async () => (await starting.catch(() => undefined))?.stop());
  const localRun = await starting.finally(() => showReady(`Started in ${secondsSince(startedAt)} s.`));
  interruption.throwIfAborted();
  const mailbox = await openMailbox(localRun);
  started.add(mailbox.close);

  screen.line(INTRODUCTION);
  const playedAt = performance.now();
  const broken = Promise.race([mailbox.whenBroken, localRun.whenBroken]).then((error) =>
    Promise.reject(error),
  );
  const principals = await Promise.race([play(rounds, options, { mailbox, screen }), broken]);
  screen.title('Final balances');
  for (const line of tabulate(principals)) {
    screen.line(line);
  }
  checkConservation(principals);
  if (troubles.length > 0) {
    throw new DemoError(`Something went wrong on the way: ${troubles[0]}`);
  }
  const count = rounds.flatMap(({ messages }) => messages).length;
  return `${count} messages${options.isTwice ? ', each sent twice,' : ''} had the expected outcomes within ${secondsSince(playedAt)} s.`;
}

function secondsSince(instant: number): string {
  return ((performance.now() - instant) / 1000).toFixed(1);
}

function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
}
