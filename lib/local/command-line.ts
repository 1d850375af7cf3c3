/** `npm start`: its flags, what it prints, and how it is stopped. The local run itself is in local-run.ts. */

import { isPortFree } from './emulators/ports.ts';
import { parseDynamoDbEndpoint, parseFlags, refuseValue } from './flags.ts';
import { listenForInterruption, whenAborted } from './interruption.ts';
import { ClockAhead } from './lambda/virtual-clock.ts';
import { type LocalRun, type LocalRunOptions, startLocalRun } from './local-run.ts';
import { printEvent } from './printed-events.ts';
import { StartError } from './start-error.ts';
import type { PeersWish } from './stomp-door.ts';

const HELP = `Runs the accounting authority on this machine: the same stack as in the cloud, on emulators.

  npm start -- [--port N] [--dynamodb-port N] [--dir PATH] [--fresh] [--dynamodb-endpoint URL] [--days-ahead N]
               [--allow-unsafe-settings] [--console-port N] [--no-console] [--quiet] [--peers PATH]
               [--stomp-port N]

  --port N                 port of SQS and SNS (default 4566; 0 picks a free one)
  --dynamodb-port N        port of DynamoDB (default 8000; 0 picks a free one)
  --dir PATH               folder for all data and outputs.json (default .local)
  --fresh                  start empty, and delete the data in the folder
  --dynamodb-endpoint URL  use this DynamoDB, such as DynamoDB Local, instead of the bundled emulator; also
                           LOCAL_DYNAMODB_ENDPOINT
  --days-ahead N           set the functions' clock N days ahead, to see what time will do to the data in the folder
  --allow-unsafe-settings  accept settings that contradict the protocol, to let time pass faster
  --console-port N         port of the console, a page that shows all of it (default 4580, or a free one if that is taken)
  --no-console             no console
  --quiet                  don't print messages
  --peers PATH             the folder of the authority's node: its peers connect by STOMP, and are sent to
  --stomp-port N           port of STOMP, with --peers (default 1234; 0 picks a free one)
  --help                   print this

It prints each message that comes in (→) and goes out (←), and those without effect (✗) with the reason.
Settings come from the environment (APP_…), as when the stack is deployed.
Ctrl-C finishes the work under way and stops; a second Ctrl-C stops at once.
`;

const FLAGS = {
  port: { type: 'string', default: '4566' },
  'dynamodb-port': { type: 'string', default: '8000' },
  dir: { type: 'string', default: '.local' },
  fresh: { type: 'boolean', default: false },
  'dynamodb-endpoint': { type: 'string' },
  'days-ahead': { type: 'string', default: '0' },
  'allow-unsafe-settings': { type: 'boolean', default: false },
  'console-port': { type: 'string' },
  'no-console': { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  peers: { type: 'string' },
  'stomp-port': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

type CommandLineOptions = Pick<
  LocalRunOptions,
  'port' | 'dynamoDbPort' | 'dir' | 'fresh' | 'dynamoDbEndpoint' | 'peers'
> & {
  readonly daysAhead: number;
  readonly allowsUnsafeSettings: boolean;
  readonly isQuiet: boolean;
  readonly consolePort: ConsolePort | undefined;
};

/** The console's port; the usual one may be taken, and then any other will do. */
interface ConsolePort {
  readonly port: number;
  readonly isUsual: boolean;
}

/**
 * @returns the options, or 'help' for --help
 * @throws {StartError} for an unknown flag or a wrong value
 */
export function parseCommandLine(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): CommandLineOptions | 'help' {
  const values = parseFlags(args, FLAGS);
  if (values.help) {
    return 'help';
  }
  return {
    port: parsePort('--port', values.port),
    dynamoDbPort: parsePort('--dynamodb-port', values['dynamodb-port']),
    dir: values.dir,
    fresh: values.fresh,
    dynamoDbEndpoint: parseDynamoDbEndpoint(values['dynamodb-endpoint'], environment),
    daysAhead: parseDays(values['days-ahead']),
    allowsUnsafeSettings: values['allow-unsafe-settings'],
    isQuiet: values.quiet,
    peers: parsePeers(values.peers, values['stomp-port']),
    consolePort: values['no-console'] ? undefined : parseConsolePort(values['console-port']),
  };
}

/** As in the manifests of the network's examples. */
const DEFAULT_STOMP_PORT = '1234';

function parsePeers(folder: string | undefined, port: string | undefined): PeersWish | undefined {
  if (folder === undefined && port !== undefined) {
    throw new StartError('--stomp-port needs --peers.');
  }
  return folder === undefined
    ? undefined
    : { folder, stompPort: parsePort('--stomp-port', port ?? DEFAULT_STOMP_PORT) };
}

function parsePort(flag: string, text: string): number {
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535
    ? port
    : refuseValue(flag, text, 'a port number from 0 to 65535');
}

const USUAL_CONSOLE_PORT = 4580;

function parseConsolePort(text: string | undefined): ConsolePort {
  return text === undefined
    ? { port: USUAL_CONSOLE_PORT, isUsual: true }
    : { port: parsePort('--console-port', text), isUsual: false };
}

/** A century; the protocol's calendar ends far later. */
const MAX_DAYS_AHEAD = 36_525;

function parseDays(text: string): number {
  const isValid = /^\d*\.?\d+$/.test(text) && Number(text) <= MAX_DAYS_AHEAD;
  return isValid ? Number(text) : refuseValue('--days-ahead', text, `a number from 0 to ${MAX_DAYS_AHEAD}`);
}

/** Runs the command until it is stopped, and sets the process's exit code. */
export async function runStartCommand(args: readonly string[]): Promise<void> {
  // Nobody may be reading any more, as after `npm start | head`; the work under way must go on.
  process.stdout.on('error', () => {});
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

async function run({
  daysAhead,
  allowsUnsafeSettings,
  isQuiet,
  consolePort,
  ...options
}: CommandLineOptions): Promise<void> {
  const stopRequested = whenAborted(listenForInterruption());
  const output = new Output();
  const clock = new ClockAhead(daysAhead);
  const startedAt = performance.now();
  const localRun = await startLocalRun({
    ...options,
    environment: { ...process.env, ...(allowsUnsafeSettings && { APP_ALLOW_UNSAFE_SETTINGS: 'true' }) },
    clock,
    console: consolePort === undefined ? undefined : { clock, port: await consolePortFrom(consolePort) },
    onEvent: isQuiet ? undefined : (event) => output.print(printEvent(event, clock.now())),
    onTrouble: (line) => output.print(`! ${line}`),
  });
  output.print(describe(localRun, (performance.now() - startedAt) / 1000));
  output.print(isQuiet ? 'Messages are not printed.' : 'Messages in (→), out (←), and without effect (✗):');
  const failure = await Promise.race([stopRequested, localRun.whenBroken]);
  output.print('Stopping …');
  await localRun.stop();
  output.flush();
  if (failure !== undefined) {
    throw failure;
  }
}

function describe(
  { outputs, endpoint, dynamoDbEndpoint, stompPort, outputsFile, logsFolder, consoleUrl }: LocalRun,
  seconds: number,
): string {
  const rows = {
    ...(consoleUrl !== undefined && { Console: consoleUrl }),
    'SQS and SNS': endpoint,
    DynamoDB: dynamoDbEndpoint,
    ...(stompPort !== undefined && { STOMP: `127.0.0.1:${stompPort}` }),
    ...outputs,
    'All of this': outputsFile,
    Logs: logsFolder,
  };
  const width = Math.max(...Object.keys(rows).map((name) => name.length)) + 2;
  const lines = Object.entries(rows).map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  return [`Ready after ${seconds.toFixed(1)} s. Ctrl-C stops.`, ...lines].join('\n');
}

/** A second local run on this machine takes another port for its console. */
async function consolePortFrom({ port, isUsual }: ConsolePort): Promise<number> {
  return isUsual && !(await isPortFree(port)) ? 0 : port;
}

const FLUSH_MS = 20;

/** Lines for a person. Lines that come close together are written at once, so that printing does not slow the handlers. */
class Output {
  #pending: string[] = [];

  print(line: string): void {
    this.#pending.push(line);
    if (this.#pending.length === 1) {
      setTimeout(() => this.flush(), FLUSH_MS);
    }
  }

  flush(): void {
    if (this.#pending.length > 0) {
      process.stdout.write(`${this.#pending.join('\n')}\n`);
    }
    this.#pending = [];
  }
}
