/** Reads a command line, runs its verb, and says how it ended. The world is handed in, so that tests bring their own. */

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { readNumber } from './arguments.ts';
import { COMPLETION_HELP, completionScript } from './completion.ts';
import type { AuthorityAccess } from './connection.ts';
import { failureOf } from './failures.ts';
import { helpOf, type OtherVerb, overview } from './help.ts';
import type { ExitCode, Output } from './output.ts';
import { PROFILE_FLAGS, type Profile, parseRole, readProfile } from './profile.ts';
import { printRow } from './rows.ts';
import { Session, type SessionOptions } from './session.ts';
import { NoAnswerError, UsageError } from './usage-error.ts';
import type { Verb } from './verb.ts';
import { VERBS } from './verbs.ts';

/** What the command needs of the world. */
export interface World
  extends Pick<SessionOptions, 'output' | 'interrupted' | 'clock' | 'readInput' | 'post'> {
  readonly access: (profile: Profile, output: Output) => Promise<AuthorityAccess>;
}

/** A verb that runs with its arguments by itself. */
export interface ForeignVerb extends OtherVerb {
  readonly run: (args: readonly string[]) => Promise<ExitCode>;
}

const COMMON_FLAGS = {
  ...PROFILE_FLAGS,
  json: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '60' },
  help: { type: 'boolean', default: false },
} as const;

/** The longest that Node's timers take. */
const MAX_TIMEOUT_SECONDS = 2_147_483;

/** @param args those after the command's name */
export async function runCommand(
  args: readonly string[],
  world: World,
  others: readonly ForeignVerb[] = [],
): Promise<ExitCode> {
  const [name, ...rest] = args;
  const isJson = rest.includes('--json');
  try {
    return await dispatch(name, rest, { world, others });
  } catch (error) {
    return fail(error, world.output, isJson);
  }
}

async function dispatch(
  name: string | undefined,
  args: readonly string[],
  { world, others }: { readonly world: World; readonly others: readonly ForeignVerb[] },
): Promise<ExitCode> {
  const { output } = world;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    output.print(overview(VERBS, others));
    return name === undefined ? 2 : 0;
  }
  if (name === 'completion') {
    const isHelp = args.includes('--help');
    output.print(isHelp ? COMPLETION_HELP : completionScript(args[0], completedVerbs(others)));
    return 0;
  }
  const other = others.find((one) => one.name === name);
  if (other !== undefined) {
    return other.run(args);
  }
  const verb = VERBS.find((one) => one.name === name);
  if (verb === undefined) {
    throw new UsageError(`There is no verb ${JSON.stringify(name)}; swpt --help lists them all.`);
  }
  return runVerb(verb, args, world);
}

async function runVerb(verb: Verb, args: readonly string[], world: World): Promise<ExitCode> {
  const { values, positionals } = readFlags(verb, args);
  if (values.help) {
    world.output.print(helpOf(verb));
    return 0;
  }
  const { min, max } = verb.argumentCount;
  if (positionals.length < min || positionals.length > max) {
    const usage = verb.usage === '' ? 'without arguments' : verb.usage;
    throw new UsageError(`Write swpt ${verb.name} ${usage}, as in: ${verb.example}`);
  }
  const profile = readProfile(values);
  const seconds = readNumber('--timeout', values.timeout, { min: 0, max: MAX_TIMEOUT_SECONDS });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(noAnswer(seconds)), seconds * 1000);
  const waiting = AbortSignal.any([patience.signal, world.interrupted]);
  try {
    await using session = new Session({
      ...world,
      isJson: values.json,
      role: profile.as === undefined ? undefined : parseRole(profile.as),
      access: () => world.access(profile, world.output),
      patience: waiting,
    });
    return await verb.run(session, positionals, values as never);
  } catch (error) {
    // A call that was cut off has an error of its own, which says nothing of why.
    throw waiting.aborted && failureOf(error) === undefined ? waiting.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

function noAnswer(seconds: number): NoAnswerError {
  return new NoAnswerError(
    `No answer came in ${seconds} s. What was asked for goes on: run the same command again, and see that the authority runs, and that no other program with another store takes the messages of this role.`,
  );
}

function readFlags({ name, flags }: Verb, args: readonly string[]) {
  const options = { ...COMMON_FLAGS, ...flags } as typeof COMMON_FLAGS & ParseArgsOptionsConfig;
  try {
    return parseArgs({ args: withNegativeIds(args), options, allowPositionals: true });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${sentence}; see swpt ${name} --help.`, { cause: error });
  }
}

/** IDs and rates may be negative: an argument that begins with a minus sign and a digit is not a flag. */
function withNegativeIds(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const before = end === -1 ? args : args.slice(0, end);
  const isId = (arg: string): boolean => /^-\d/.test(arg);
  if (!before.some(isId)) {
    return [...args];
  }
  // Every argument moves behind the flags, with its order kept; the value of a flag stays with it.
  const flags: string[] = [];
  const others: string[] = [];
  for (const [index, arg] of before.entries()) {
    const isValue = /^--[a-z0-9-]+$/.test(before[index - 1] ?? '') && !SWITCHES.has(before[index - 1] ?? '');
    if (isValue && isId(arg)) {
      // By itself Node would take it for a flag.
      flags.push(`${flags.pop()}=${arg}`);
    } else {
      (arg.startsWith('--') || isValue ? flags : others).push(arg);
    }
  }
  return [...flags, '--', ...others, ...(end === -1 ? [] : args.slice(end + 1))];
}

/** Flags without a value. */
const SWITCHES = new Set(
  [COMMON_FLAGS as ParseArgsOptionsConfig, ...VERBS.map(({ flags }) => flags)].flatMap((flags) =>
    Object.entries(flags).flatMap(([name, { type }]) => (type === 'boolean' ? [`--${name}`] : [])),
  ),
);

function completedVerbs(others: readonly ForeignVerb[]) {
  const named = (flags: object): string[] => Object.keys(flags).map((name) => `--${name}`);
  return [
    ...VERBS.map(({ name, summary, flags }) => ({
      name,
      summary,
      flags: named({ ...flags, ...COMMON_FLAGS }),
    })),
    ...others.map(({ name, summary }) => ({ name, summary, flags: ['--help', '--outputs', '--stack'] })),
    { name: 'completion', summary: 'print what makes your shell complete this command', flags: [] },
  ];
}

function fail(error: unknown, { print, tell }: Output, isJson: boolean): ExitCode {
  const failure = failureOf(error);
  if (failure === undefined) {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 2;
  }
  if (isJson && failure.row !== undefined) {
    print(printRow(failure.row));
  }
  tell(failure.sentence);
  return failure.exitCode;
}
