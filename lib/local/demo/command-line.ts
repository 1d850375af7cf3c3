/** `npm run demo`: its flags, a local run of its own in a temporary folder, and the conclusion that it prints. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDynamoDbEndpoint, parseFlags } from '../flags.ts';
import { INTERRUPTED_STATUS, listenForInterruption, whenAborted } from '../interruption.ts';
import { startLocalRun } from '../local-run.ts';
import { StartError } from '../start-error.ts';
import { StopList } from '../stop-list.ts';
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
  --reverse        send messages that don't depend on each other in the opposite order
  --messages PATH  folder with the messages (default examples/demo)
  --dynamodb-endpoint URL
                   use this DynamoDB, such as DynamoDB Local; also
                   LOCAL_DYNAMODB_ENDPOINT
  --help           print this

It starts an accounting authority of its own on free ports, and leaves nothing behind. The exit status is 0 if all
messages came as expected.
`;

const INTRODUCTION = `
The Harbour Market issues a currency of its own; Ada, Boris and Chiara pay with it.
→ goes into the queue   ← comes out of a topic   ✗ is refused`;

const FLAGS = {
  twice: { type: 'boolean', default: false },
  reverse: { type: 'boolean', default: false },
  messages: { type: 'string', default: EXAMPLES },
  'dynamodb-endpoint': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Runs the demo, and sets the process's exit code. */
export async function runDemoCommand(args: readonly string[]): Promise<void> {
  const screen = createScreen(process.stdout);
  try {
    const values = parseFlags(args, FLAGS);
    if (values.help) {
      process.stdout.write(HELP);
    } else {
      const dynamoDbEndpoint = parseDynamoDbEndpoint(values['dynamodb-endpoint'], process.env);
      const options = { isTwice: values.twice, isReverse: values.reverse, dynamoDbEndpoint };
      await runDemo(values.messages, options, screen);
    }
  } catch (error) {
    if (!(error instanceof DemoError || error instanceof StartError)) {
      throw error;
    }
    createScreen(process.stderr).line(`\n✗ ${error.message}`, 'red');
    process.exitCode = 1;
  }
}

interface DemoOptions extends PlayOptions {
  readonly dynamoDbEndpoint: string | undefined;
}

async function runDemo(folder: string, options: DemoOptions, screen: Screen): Promise<void> {
  const started = new StopList();
  const interruption = listenForInterruption();
  const playing = playOnOwnRun(folder, { ...options, screen }, { started, interruption });
  try {
    const ending = await Promise.race([whenAborted(interruption), playing]);
    if (ending !== undefined) {
      screen.line(`\n✓ ${ending}`, 'green');
    }
  } finally {
    await started.stopAll();
  }
  // Work that was interrupted must not keep the process alive.
  if (interruption.aborted) {
    process.exit(INTERRUPTED_STATUS);
  }
}

/** @returns the conclusion */
async function playOnOwnRun(
  folder: string,
  { screen, dynamoDbEndpoint, ...options }: DemoOptions & { readonly screen: Screen },
  { started, interruption }: { readonly started: StopList; readonly interruption: AbortSignal },
): Promise<string> {
  const rounds = readExamples(folder);
  const dir = mkdtempSync(join(tmpdir(), 'demo-'));
  started.add(() => rmSync(dir, { recursive: true, force: true }));
  const startedAt = performance.now();
  const showReady = screen.progress('Starting an accounting authority on this machine …');
  const troubles: string[] = [];
  const starting = startLocalRun({
    ...{ port: 0, dynamoDbPort: 0, dir, fresh: true, isTransient: true, dynamoDbEndpoint },
    onTrouble: (line) => troubles.push(line),
  });
  // Added before it has started, since an interruption may come first.
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
    throw new DemoError(`Something went wrong during the demo: ${troubles[0]}`);
  }
  const count = rounds.flatMap(({ messages }) => messages).length;
  return `${count} messages${options.isTwice ? ', each sent twice,' : ''} had the expected outcomes within ${secondsSince(playedAt)} s.`;
}

function secondsSince(instant: number): string {
  return ((performance.now() - instant) / 1000).toFixed(1);
}
