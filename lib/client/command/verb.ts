/** What a verb of the command `swpt` is: its words in the help, its flags, and what it does. */

import type { ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { ExitCode } from './output.ts';
import type { Session } from './session.ts';

/** What the flags of a verb say; one with a default is never `undefined`. */
export type FlagsOf<T extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>['values'];

/** A flag in the help: its name with its value, and its meaning. */
export type FlagHelp = readonly [flag: string, meaning: string];

export interface Verb {
  readonly name: string;
  /** One line in the list of all verbs. */
  readonly summary: string;
  /** What stands after the verb's name, as in `FROM TO AMOUNT`. */
  readonly usage: string;
  /** Paragraphs below the usage. */
  readonly details: string;
  readonly flagHelp: readonly FlagHelp[];
  readonly flags: ParseArgsOptionsConfig;
  /** A whole command line. */
  readonly example: string;
  /** How many arguments it takes. */
  readonly argumentCount: { readonly min: number; readonly max: number };
  readonly run: (session: Session, args: readonly string[], flags: never) => Promise<ExitCode>;
}

interface VerbDraft<T extends ParseArgsOptionsConfig> extends Omit<Verb, 'run' | 'flags'> {
  readonly flags: T;
  readonly run: (session: Session, args: readonly string[], flags: FlagsOf<T>) => Promise<ExitCode>;
}

/** The verb, with the types of its flags checked where it is written. */
export function verb<T extends ParseArgsOptionsConfig>(draft: VerbDraft<T>): Verb {
  return draft;
}
