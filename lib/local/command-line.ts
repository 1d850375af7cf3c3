/** `npm start`: the flags, what is printed, and how the local run is stopped. Starting itself is in local-run.ts. */

import { parseArgs } from 'node:util';
import { createClockAhead } from './lambda/virtual-clock.ts';
import { type LocalRun, type LocalRunOptions, startLocalRun } from './local-run.ts';
import { printOutgoingMessage } from './outgoing-messages.ts';
import { StartError } from './start-error.ts';

const HELP = `Runs the accounting authority on this machine: the same stack as in the cloud, on emulators.

  npm start -- [--port N] [--dynamodb-port N] [--dir PATH] [--fresh] [--dynamodb-endpoint URL] [--days-ahead N]

  --port N                 port of SQS and SNS (default 4566; 0 picks a free one)
  --dynamodb-port N        port of DynamoDB (default 8000; 0 picks a free one)
  --dir PATH               folder for all data and outputs.json (default .local)
  --fresh                  start empty instead of with the data in the folder
  --dynamodb-endpoint URL  use this DynamoDB, such as DynamoDB Local, instead of the bundled emulator
  --days-ahead N           let the functions' clock be N days ahead, to see with the data in the folder what time will bring
  --help                   show this

Settings are taken from the environment (APP_…), as when the stack is deployed.
Ctrl-C finishes what is under way and stops; a second Ctrl-C stops at once.
`;

const FLAGS = {
  port: { type: 'string', default: '4566' },
  'dynamodb-port': { type: 'string', default: '8000' },
  dir: { type: 'string', default: '.local' },
  fresh: { type: 'boolean', default: false },
  'dynamodb-endpoint': { type: 'string' },
  'days-ahead': { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
} as const;

type CommandLineOptions = Pick<
  LocalRunOptions,
  'port' | 'dynamoDbPort' | 'dir' | 'fresh' | 'dynamoDbEndpoint'
> & { readonly daysAhead: number };

/**
 * @returns the options, or 'help' when that is what was asked for
 * @throws {StartError} for a flag that is not known or whose value is none
 */
export function parseCommandLine(args: readonly string[]): CommandLineOptions | 'help' {
  const values = readFlags(args);
  if (values.help) {
    return 'help';
  }
  return {
    port: parsePort('--port', values.port),
    dynamoDbPort: parsePort('--dynamodb-port', values['dynamodb-port']),
    dir: values.dir,
    fresh: values.fresh,
    dynamoDbEndpoint: parseEndpoint(values['dynamodb-endpoint']),
    daysAhead: parseDays(values['days-ahead']),
  };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    // The first sentence of Node's message names the flag; the others are about positional arguments.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new StartError(`${sentence}; see --help.`);
  }
}

function parsePort(flag: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) {
    return port;
  }
  throw new StartError(`${flag} is ${JSON.stringify(text)}; it must be a port number from 0 to 65535.`);
}

function parseEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || /^http:\/\/[^/]+\/?$/.test(text)) {
    return text;
  }
  throw new StartError(
    `--dynamodb-endpoint is ${JSON.stringify(text)}; it must be like http://127.0.0.1:8000.`,
  );
}

/** A century; the calendar of the protocol ends far later. */
const MAX_DAYS_AHEAD = 36_525;

function parseDays(text: string): number {
  const days = Number(text);
  if (/^\d*\.?\d+$/.test(text) && days <= MAX_DAYS_AHEAD) {
    return days;
  }
  throw new StartError(
    `--days-ahead is ${JSON.stringify(text)}; it must be a number from 0 to ${MAX_DAYS_AHEAD}.`,
  );
}

/** Runs the command until it is stopped, and sets the process's exit code. */
export async function runStartCommand(args: readonly string[]): Promise<void> {
  try {
    const options = parseCommandLine(args);
    if (options === 'help') {
      process.stdout.write(HELP);
    } else {
      await run(options);
    }
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error);
    process.exitCode = 1;
  }
}

async function run({ daysAhead, ...options }: CommandLineOptions): Promise<void> {
  const stopRequested = listenForSignals();
  const output = createOutput();
  const clock = daysAhead === 0 ? undefined : createClockAhead(daysAhead);
  const startedAt = performance.now();
  const localRun = await startLocalRun({
    ...options,
    clock,
    onMessage: (message) => output.print(printOutgoingMessage(message, clock?.now() ?? Date.now())),
    onTrouble: (line) => output.print(`! ${line}`),
  });
  output.print(describe(localRun, (performance.now() - startedAt) / 1000));
  const failure = await Promise.race([stopRequested, localRun.whenBroken]);
  output.print('Stopping …');
  await localRun.stop();
  output.flush();
  if (failure !== undefined) {
    throw failure;
  }
}

function describe(
  { outputs, endpoint, dynamoDbEndpoint, outputsFile, logsFolder }: LocalRun,
  seconds: number,
): string {
  const rows = {
    'SQS and SNS': endpoint,
    DynamoDB: dynamoDbEndpoint,
    ...outputs,
    'All of this': outputsFile,
    Logs: logsFolder,
  };
  const width = Math.max(...Object.keys(rows).map((name) => name.length)) + 2;
  const lines = Object.entries(rows).map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  return [`Ready after ${seconds.toFixed(1)} s. Ctrl-C stops.`, ...lines, 'Outgoing messages:'].join('\n');
}

/**
 * One key press can arrive twice: from the terminal, which signals all processes in the foreground, and from npm, which
 * passes on what it gets.
 */
const SAME_KEY_PRESS_MS = 250;
/** As a shell reports a process that SIGINT ended. */
const INTERRUPTED_STATUS = 130;

/** Resolves at the first signal to stop. Another one ends the process at once. */
function listenForSignals(): Promise<undefined> {
  return new Promise((resolve) => {
    let stopAt: number | undefined;
    const onSignal = () => {
      stopAt ??= Date.now();
      if (Date.now() - stopAt > SAME_KEY_PRESS_MS) {
        process.exit(INTERRUPTED_STATUS);
      }
      resolve(undefined);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, onSignal);
    }
  });
}

const FLUSH_MS = 20;

/** Lines for a person. Many at once are written together, so that showing messages does not hold up handling them. */
function createOutput(): { readonly print: (line: string) => void; readonly flush: () => void } {
  let pending: string[] = [];
  const flush = () => {
    if (pending.length > 0) {
      process.stdout.write(`${pending.join('\n')}\n`);
    }
    pending = [];
  };
  // Nobody reads any more, as after `npm start | head`; that is no reason to lose what is under way.
  process.stdout.on('error', () => {});
  return {
    print: (line) => {
      pending.push(line);
      if (pending.length === 1) {
        setTimeout(flush, FLUSH_MS);
      }
    },
    flush,
  };
}
