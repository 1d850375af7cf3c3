/**
 * What all tools for operators have in common: flags, help, exit codes, and errors as one sentence. 0 means that all is well,
 * 1 that the tool found or left something wrong, 2 that it could not do its work.
 */

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { MalformedMessageError } from '../protocol/codec.ts';
import { MAX_INT64, MIN_INT64 } from '../protocol/integers.ts';
import { parseTimestamp, type Timestamp } from '../protocol/timestamps.ts';
import { type AccountKey, printAccountKey } from '../rules/account.ts';
import { InvalidSettingError } from '../shell/settings.ts';
import type { TimeRange } from '../shell/time-range.ts';
import { parseAccountKey } from '../storage/account-codec.ts';
import { CorruptItemError, StoreUnavailableError } from '../storage/errors.ts';

/** Why a tool can't do what it was asked to: one sentence for the operator, with what to do about it. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

export type ExitCode = 0 | 1 | 2;

/** Where a tool writes: results to `print`, everything else to `tell`. */
export interface OperatorOutput {
  readonly print: (line: string) => void;
  readonly tell: (text: string) => void;
  readonly isTerminal: boolean;
}

export const PROCESS_OUTPUT: OperatorOutput = {
  print: (line) => void process.stdout.write(`${printable(line)}\n`),
  tell: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
};

/** Text from clients may hold characters that move the cursor or change the terminal; they are shown as `?`. */
export function printable(text: string): string {
  return text.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '?');
}

/** So many lines are printed before a closed pipe is noticed. */
const LINES_IN_TURN = 1_000;

/** Prints lines while they are made, so that their number does not matter. */
export async function printAll(lines: Iterable<string>, output: OperatorOutput): Promise<void> {
  let count = 0;
  for (const line of lines) {
    output.print(line);
    count += 1;
    if (count % LINES_IN_TURN === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

export type Command = (args: readonly string[], output: OperatorOutput) => Promise<ExitCode>;

/** What the flags say; one with a default is never `undefined`. */
export type FlagsOf<T extends ParseArgsOptionsConfig> = ReturnType<typeof readFlags<T>>['values'];

interface OperatorTool<T extends ParseArgsOptionsConfig> {
  readonly help: string;
  readonly flags: T;
  readonly takesArguments?: boolean;
  /** `args` are those without a flag. */
  readonly run: (flags: FlagsOf<T>, output: OperatorOutput, args: readonly string[]) => Promise<ExitCode>;
}

/** The tool as a command that knows `--help`. Failures are told in one sentence, unless they are defects of the tool itself. */
export function operatorCommand<T extends ParseArgsOptionsConfig>(tool: OperatorTool<T>): Command {
  const options = { ...tool.flags, help: { type: 'boolean' } } as const;
  return async (args, output) => {
    try {
      const { values, positionals } = readFlags(args, options, tool.takesArguments);
      if ((values as { readonly help?: boolean }).help) {
        output.print(tool.help);
        return 0;
      }
      return await tool.run(values as FlagsOf<T>, output, positionals);
    } catch (error) {
      const sentence = sentenceOf(error);
      output.tell(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
      return 2;
    }
  };
}

/** @throws {OperatorError} for a flag that is unknown or lacks its value, and for arguments where none are allowed */
function readFlags<T extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: T,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args: withNegativeKeys(args), options, allowPositionals });
  } catch (error) {
    // The first sentence of Node's message names the flag; the others are about positional arguments.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new OperatorError(`${sentence}; see --help.`);
  }
}

/** Debtor IDs may be negative: one that begins with a minus sign is not a flag, alone or in an account key. */
function withNegativeKeys(args: readonly string[]): string[] {
  const flags: string[] = [];
  const keys: string[] = [];
  for (const arg of args) {
    const flag = flags.at(-1);
    if (!/^-\d+([:/]-?\d+)?$/.test(arg)) {
      flags.push(arg);
    } else if (flag === '--account') {
      flags.splice(-1, 1, `${flag}=${arg}`);
    } else {
      keys.push(arg);
    }
  }
  return keys.length === 0 ? flags : [...flags, ...(flags.includes('--') ? [] : ['--']), ...keys];
}

/** The account of `D:C`, or of `D/C`, as clients write it. @throws {OperatorError} when the text does not name an account */
export function readAccountKey(text: string): AccountKey {
  const written = text.replace('/', ':');
  try {
    const key = parseAccountKey(written);
    if (printAccountKey(key) === written) {
      return key;
    }
  } catch {
    // Reported below, together with accounts in another form.
  }
  throw new OperatorError(
    `${JSON.stringify(text)} is not an account; write its debtor ID and creditor ID, as in 1:1099511627777.`,
  );
}

/** @throws {OperatorError} when the text is not an integer of 64 bits */
export function readDebtorId(text: string): bigint {
  const id = /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
  if (id === undefined || id < MIN_INT64 || id > MAX_INT64) {
    throw new OperatorError(
      `${JSON.stringify(text)} is not a debtor ID; that is an integer of 64 bits, as in 1.`,
    );
  }
  return id;
}

/** @throws {OperatorError} when an end is not an instant, or the range is empty */
export function readRange(flags: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): TimeRange {
  const from = flags.from === undefined ? undefined : readInstant('--from', flags.from);
  const to = flags.to === undefined ? undefined : readInstant('--to', flags.to);
  if (from !== undefined && to !== undefined && from >= to) {
    throw new OperatorError('--to must be later than --from.');
  }
  return { from, to };
}

/** @throws {OperatorError} when the text is not an instant */
export function readInstant(flag: string, text: string): Timestamp {
  const instant = parseTimestamp(text);
  if (instant === undefined) {
    throw new OperatorError(
      `${flag} is ${JSON.stringify(text)}; it must be an instant with an offset, as in 2027-01-15T08:00:00Z.`,
    );
  }
  return instant;
}

/** @throws {OperatorError} when the text is not an integer within the bounds */
export function readCount(
  flag: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= min && count <= max)) {
    throw new OperatorError(
      `${flag} is ${JSON.stringify(text)}; it must be an integer from ${min} to ${max}.`,
    );
  }
  return count;
}

const OWN_ERRORS = [
  OperatorError,
  InvalidSettingError,
  StoreUnavailableError,
  CorruptItemError,
  MalformedMessageError,
];

/** What the operator should read; `undefined` for a defect, whose stack is needed. */
export function sentenceOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  if (OWN_ERRORS.some((known) => error instanceof known)) {
    return error.message;
  }
  const { name, message } = error;
  const { $metadata, code } = error as { readonly $metadata?: object; readonly code?: unknown };
  if (name === 'CredentialsProviderError' || /region is missing/i.test(message)) {
    return `AWS can't be called: ${message.split('\n')[0]}; set AWS_PROFILE and AWS_REGION, or sign in.`;
  }
  if (code === 'ECONNREFUSED') {
    const where = /ECONNREFUSED ([\w.:[\]]+)/.exec(message)?.[1];
    return `The stack does not answer${where === undefined ? '' : ` at ${where}`}: is \`npm start\` running?`;
  }
  // Errors of the network and of files, and those of SQLite, such as a full disk.
  if (typeof code === 'string') {
    return message.includes(code) ? `${message}.` : `${code}: ${message || name}.`;
  }
  return $metadata === undefined ? undefined : `AWS answered ${name}: ${message}`;
}
